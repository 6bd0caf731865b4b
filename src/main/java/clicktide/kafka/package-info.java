/** Kafka: the event log, dead letters and verdicts, and the only users of its clients in core. */
package clicktide.kafka;
