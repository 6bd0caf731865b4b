/** The Protobuf wire forms of the log and of the fences, and the only user of protobuf-java. */
package clicktide.wire;
