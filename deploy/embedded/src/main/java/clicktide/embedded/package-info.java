/** Real Kafka, Redis and PostgreSQL as child processes on one host (O4). */
package clicktide.embedded;
