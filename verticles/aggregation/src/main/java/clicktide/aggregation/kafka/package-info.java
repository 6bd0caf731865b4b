/** Consumers of the log in Kafka, which turn its records into batches for the sinks. */
package clicktide.aggregation.kafka;
