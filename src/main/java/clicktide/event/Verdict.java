package clicktide.event;

import java.time.Instant;

/**
 * A judgement about clicks that were counted as people's: a machine made them (C11). It moves so
 * many clicks like its example, of the example's minute, from people to machines; what happened
 * stays as it is, and so does every total. The example's identity is the verdict's.
 */
public record Verdict(LinkClick example, int clicks) implements Event {
  @Override
  public Instant at() {
    return example.at();
  }
}
