package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.event.DeadLetter;
import clicktide.event.DeadLetter.LogPosition;
import clicktide.event.DeadLetter.Reason;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import java.time.Duration;

/** Factory of the dead letters of one partition (B4). */
record DeadLetterFactory(String topicId, int partition) {
  /** Makes the dead letter of a record that is no envelope. */
  DeadLetter record(Reason reason, long offset, byte[] bytes) {
    return new DeadLetter(reason, new LogPosition(topicId, partition, offset, -1), bytes);
  }

  /**
   * Makes the dead letter of one event, in an envelope of its own. {@code correction} is added to
   * the time of receipt of a click when it is sent again.
   */
  DeadLetter event(
      Reason reason, Envelope envelope, Duration correction, EnrichedClick.Logged logged) {
    var event = envelope.events().get(logged.index());
    var alone = Envelope.alone(envelope.sentAt(), correction, event);
    var position = new LogPosition(topicId, partition, logged.offset(), logged.index());
    return new DeadLetter(reason, position, EnvelopeCodec.encode(alone));
  }
}
