package clicktide.wire;

import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One record of the log: events of one partition with the heartbeat of their node. {@code sentAt}
 * is the time of sending; {@code correction} is the sum that the node had added to its clock by
 * then. An envelope without events is a tick.
 */
public record Envelope(
    Instant sentAt, Duration correction, Heartbeat heartbeat, List<EncodedEvent> events) {

  /**
   * Returns an envelope of one event that no node sends, such as a dead letter. {@code correction}
   * is added to the time when a click was received.
   */
  public static Envelope alone(Instant sentAt, Duration correction, EncodedEvent event) {
    return new Envelope(sentAt, correction, Heartbeat.NONE, List.of(event));
  }

  /** Returns true if the correction is one of the clock that timed the click. */
  public boolean corrects(Identity.Own click) {
    return heartbeat.equals(Heartbeat.NONE)
        || (click.node() == heartbeat.node() && click.boot() == heartbeat.boot());
  }
}
