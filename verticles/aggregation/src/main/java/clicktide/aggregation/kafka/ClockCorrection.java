package clicktide.aggregation.kafka;

import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.Minute;
import clicktide.wire.Envelope;
import java.time.Duration;
import java.time.Instant;

/** Correction of the time of a click whose node had a wrong clock (C2, G15). Pure. */
final class ClockCorrection {
  private static final Duration TOLERATED = Duration.ofSeconds(1);

  private ClockCorrection() {}

  /**
   * Applies the correction that the envelope reports, unless the click has it within 1 s already. A
   * click that is still more than 5 min ahead of the broker's stamp gets that stamp.
   */
  static LinkClick apply(LinkClick click, Envelope envelope, Instant loggedAt) {
    var at = click.at();
    if (click.identity() instanceof Identity.Own own && envelope.corrects(own)) {
      var corrected = click.receivedAt().plus(envelope.correction());
      var error = Duration.between(corrected, at).abs();
      at = error.compareTo(TOLERATED) > 0 ? corrected : at;
    }
    at = at.isAfter(loggedAt.plus(Minute.AHEAD)) ? loggedAt : at;
    return at.equals(click.at()) ? click : click.withAt(at);
  }

  /** Returns the correction that a click carries. */
  static Duration of(LinkClick click) {
    return Duration.between(click.receivedAt(), click.at());
  }
}
