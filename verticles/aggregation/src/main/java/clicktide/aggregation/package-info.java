/**
 * Counting of the events in the log: one pass, one follower per sink, and the upkeep of the
 * aggregates.
 */
package clicktide.aggregation;
