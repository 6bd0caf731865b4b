package clicktide.wire;

import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.ShedReport;
import clicktide.event.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One record of the log: events of one partition with the heartbeat of their node. {@code sentAt}
 * is the time of sending; {@code correction} is the sum that the node had added to its clock by
 * then. An envelope without events is a tick.
 */
public record Envelope(
    Instant sentAt,
    Duration correction,
    Heartbeat heartbeat,
    List<EncodedEvent> clicks,
    List<ShedReport> shed,
    List<Verdict> verdicts) {

  /**
   * Returns an envelope of one click that no node sends, such as a dead letter. {@code correction}
   * is added to the time when the click was received.
   */
  public static Envelope alone(Instant sentAt, Duration correction, EncodedEvent click) {
    return new Envelope(sentAt, correction, Heartbeat.NONE, List.of(click), List.of(), List.of());
  }

  /** Returns true if the correction is one of the clock that timed the click. */
  public boolean corrects(Identity.Own click) {
    return heartbeat.equals(Heartbeat.NONE)
        || (click.node() == heartbeat.node() && click.boot() == heartbeat.boot());
  }
}
