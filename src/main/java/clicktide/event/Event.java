package clicktide.event;

import java.time.Instant;

/** An event of the log. */
public sealed interface Event permits LinkClick, ShedReport, Verdict {
  /** Returns the event time, which decides the bucket (C2). */
  Instant at();
}
