/** Reads rollups and the ledger from PostgreSQL, always for one owner. */
package clicktide.postgres.query;
