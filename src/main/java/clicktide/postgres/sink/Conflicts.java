package clicktide.postgres.sink;

import clicktide.enrich.EnrichedClick;
import clicktide.event.DeadLetter;
import clicktide.event.DeadLetter.LogPosition;
import clicktide.event.DeadLetter.Reason;
import clicktide.store.Batch;
import clicktide.wire.EncodedEvent;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Dead letters of events whose id belongs to an earlier event with another payload (G5). */
final class Conflicts {
  private Conflicts() {}

  static List<DeadLetter> letters(
      String topicId, List<Batch> batches, List<EnrichedClick> conflicts) {
    var among = new HashSet<>(conflicts);
    var letters = new ArrayList<DeadLetter>();
    for (var batch : batches) {
      batch
          .counted()
          .filter(among::contains)
          .forEach(click -> letters.add(letter(topicId, batch.partition(), click)));
    }
    return letters;
  }

  private static DeadLetter letter(String topicId, int partition, EnrichedClick click) {
    var encoded = EncodedEvent.of(click.click());
    var alone = Envelope.alone(click.loggedAt(), Duration.ZERO, encoded);
    var position =
        new LogPosition(topicId, partition, click.logged().offset(), click.logged().index());
    return new DeadLetter(Reason.ID_CONFLICT, position, EnvelopeCodec.encode(alone));
  }
}
