/** Real Kafka, Redis and PostgreSQL as child processes of one machine (O4). */
package clicktide.embedded;
