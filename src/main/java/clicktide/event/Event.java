package clicktide.event;

import java.time.Instant;

/**
 * An event of the log. A new kind is a record here, a codec in {@code clicktide.wire} and a message
 * of {@code envelope.proto}; the compiler names the switches that need a case.
 */
public sealed interface Event permits LinkClick, ShedReport, Verdict {
  /** Returns the identity, which decides the partition and recognizes repeats. */
  Identity identity();

  /** Returns the event time, which decides the bucket (C2). */
  Instant at();
}
