package clicktide.event;

import java.time.Instant;

/** What happened. A new kind is one record here; the compiler then shows every place to decide. */
public sealed interface Event permits LinkClick, ClicksShed, Verdict {
  /** When it happened; this decides its bucket (C2). */
  Instant at();
}
