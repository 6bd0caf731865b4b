package clicktide.log;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.Some;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryJournalTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");

  private static Journal.Draft draft() {
    return sequence -> Some.click(new Identity.Own(1, 1, 0, sequence), 1, AT.plusSeconds(sequence));
  }

  private static List<Long> sequences(List<LinkClick> clicks) {
    return clicks.stream().map(click -> ((Identity.Own) click.identity()).sequence()).toList();
  }

  @Test
  void clicksStayUntilTheyAreAcknowledged() {
    var journal = new MemoryJournal(8);
    for (var i = 0; i < 3; i++) {
      journal.append(draft());
    }

    assertThat(sequences(journal.read(2))).containsExactly(0L, 1L);
    assertThat(sequences(journal.read(9))).containsExactly(0L, 1L, 2L);
    assertThat(journal.oldest()).contains(AT);
    journal.acknowledge(2);
    assertThat(sequences(journal.read(9))).containsExactly(2L);
    assertThat(journal.oldest()).contains(AT.plusSeconds(2));
    journal.acknowledge(1);
    assertThat(journal.oldest()).isEmpty();
  }

  @Test
  void aFullJournalShedsAndLeavesNoHoleInTheSequence() {
    var journal = new MemoryJournal(2);
    assertThat(journal.append(draft())).isTrue();
    assertThat(journal.append(draft())).isTrue();
    assertThat(journal.append(draft())).isFalse();

    journal.acknowledge(1);
    assertThat(journal.append(draft())).isTrue();
    assertThat(sequences(journal.read(9))).containsExactly(1L, 2L);
  }

  @Test
  void oneWriterAndOneReaderLoseNothing() throws InterruptedException {
    var journal = new MemoryJournal(64);
    var total = 100_000;
    var writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (var i = 0; i < total; ) {
                    i += journal.append(draft()) ? 1 : 0;
                  }
                });

    var seen = new ArrayList<Long>();
    while (seen.size() < total) {
      var clicks = journal.read(17);
      seen.addAll(sequences(clicks));
      journal.acknowledge(clicks.size());
    }
    writer.join();

    for (var i = 0; i < total; i++) {
      assertThat(seen.get(i)).isEqualTo(i);
    }
  }
}
