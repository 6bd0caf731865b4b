package clicktide.event;

import java.time.Instant;

/**
 * A judgement that clicks were made by a bot, although they were counted as human (C11). It moves
 * {@code clicks} clicks equal to the example, of the example's minute, from human to bot. Totals do
 * not change. The identity of the example is the identity of the verdict.
 */
public record Verdict(LinkClick example, int clicks) implements Event {
  @Override
  public Instant at() {
    return example.at();
  }
}
