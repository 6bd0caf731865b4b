package clicktide.event;

import java.time.Instant;

/**
 * A judgement that clicks were made by a bot, although they were counted as human (C11). It moves
 * {@code clicks} clicks equal to the example, of the example's minute, from human to bot. Totals do
 * not change.
 */
public record Verdict(LinkClick example, int clicks) implements Event {
  @Override
  public Identity identity() {
    return example.identity();
  }

  @Override
  public Instant at() {
    return example.at();
  }
}
