/** Forwarding of clicks to the log, and collectors of events that other systems report. */
package clicktide.ingest;
