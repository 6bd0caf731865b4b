package clicktide.postgres.sink;

import clicktide.count.Visit;
import clicktide.log.DeadLetter;
import clicktide.log.DeadLetter.Place;
import clicktide.log.DeadLetter.Reason;
import clicktide.log.EncodedClick;
import clicktide.log.Envelope;
import clicktide.log.EnvelopeCodec;
import clicktide.store.Slice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The dead letters of events whose id came before with another content (G5). */
final class Conflicts {
  private Conflicts() {}

  static List<DeadLetter> letters(String topicId, List<Slice> slices, List<Visit> conflicts) {
    var among = new HashSet<>(conflicts);
    var letters = new ArrayList<DeadLetter>();
    for (var slice : slices) {
      for (var visit : slice.content().visits()) {
        if (among.contains(visit)) {
          letters.add(letter(topicId, slice.partition(), visit));
        }
      }
    }
    return letters;
  }

  private static DeadLetter letter(String topicId, int partition, Visit visit) {
    var click = EncodedClick.of(visit.click());
    var alone = Envelope.alone(visit.loggedAt(), Duration.ZERO, click);
    var place = new Place(topicId, partition, visit.logged().offset(), visit.logged().index());
    return new DeadLetter(Reason.ID_CONFLICT, place, EnvelopeCodec.encode(alone));
  }
}
