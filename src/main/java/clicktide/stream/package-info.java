/** The position in a stream: sequence numbers that were read, repeats, and the watermark. */
package clicktide.stream;
