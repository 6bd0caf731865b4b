package clicktide.wire;

import clicktide.event.ClicksShed;
import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One record of the log: events of one partition, when they were sent, what had been taken off the
 * clock of their node by then, and what the node says of itself. Without events it is a tick.
 */
public record Envelope(
    Instant sentAt,
    Duration correction,
    Heartbeat heartbeat,
    List<EncodedClick> clicks,
    List<ClicksShed> shed,
    List<Verdict> verdicts) {

  /**
   * One click that no node sends, but for instance somebody who mends; {@code correction} is what
   * has to be added to the time when it was received.
   */
  public static Envelope alone(Instant sentAt, Duration correction, EncodedClick click) {
    return new Envelope(sentAt, correction, Heartbeat.NONE, List.of(click), List.of(), List.of());
  }

  /** Whether the clock that was corrected is the one that the click was received by. */
  public boolean corrects(Identity.Own click) {
    return heartbeat.equals(Heartbeat.NONE)
        || (click.node() == heartbeat.node() && click.boot() == heartbeat.boot());
  }
}
