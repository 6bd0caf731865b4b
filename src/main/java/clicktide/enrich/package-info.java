/** Enrichment: the pure, versioned function from a raw click to its dimensions. */
package clicktide.enrich;
