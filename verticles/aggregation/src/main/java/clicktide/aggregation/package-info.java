/** Counting of the events in the log: one follower per sink, and the upkeep of the aggregates. */
package clicktide.aggregation;
