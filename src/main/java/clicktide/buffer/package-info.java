/** Buffers of a node for clicks without an acknowledgement of Kafka: in memory, then on disk. */
package clicktide.buffer;
