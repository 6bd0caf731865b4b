package clicktide.deploy;

import clicktide.log.Journal;
import clicktide.log.MemoryJournal;
import clicktide.redirect.Lane;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The event loops that redirect, each with its own journal. */
record Lanes(List<Lane> all) {
  private static final int JOURNAL_CLICKS = 1 << 16; // of all together

  static Lanes of(Node node, int loops) {
    return new Lanes(
        IntStream.range(0, loops)
            .mapToObj(
                lane ->
                    new Lane(
                        node.id(), node.boot(), lane, new MemoryJournal(JOURNAL_CLICKS / loops)))
            .toList());
  }

  List<Journal> journals() {
    return all.stream().map(Lane::journal).toList();
  }

  /** The event time of the oldest click that the log does not have yet. */
  Optional<Instant> oldest() {
    return all.stream().flatMap(lane -> lane.journal().oldest().stream()).min(Instant::compareTo);
  }
}
