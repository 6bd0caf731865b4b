package clicktide.postgres.sink;

import clicktide.enrich.EnrichedClick;
import clicktide.event.DeadLetter;
import clicktide.event.DeadLetter.Place;
import clicktide.event.DeadLetter.Reason;
import clicktide.store.Batch;
import clicktide.wire.EncodedClick;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The dead letters of events whose id came before with another content (G5). */
final class Conflicts {
  private Conflicts() {}

  static List<DeadLetter> letters(
      String topicId, List<Batch> batches, List<EnrichedClick> conflicts) {
    var among = new HashSet<>(conflicts);
    var letters = new ArrayList<DeadLetter>();
    for (var batch : batches) {
      for (var visit : batch.content().visits()) {
        if (among.contains(visit)) {
          letters.add(letter(topicId, batch.partition(), visit));
        }
      }
    }
    return letters;
  }

  private static DeadLetter letter(String topicId, int partition, EnrichedClick visit) {
    var click = EncodedClick.of(visit.click());
    var alone = Envelope.alone(visit.loggedAt(), Duration.ZERO, click);
    var place = new Place(topicId, partition, visit.logged().offset(), visit.logged().index());
    return new DeadLetter(Reason.ID_CONFLICT, place, EnvelopeCodec.encode(alone));
  }
}
