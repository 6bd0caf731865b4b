package clicktide.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.TestClicks;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Via;
import clicktide.wire.EncodedEvent;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("G2: the journal of an event loop")
@Timeout(60)
class JournalTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final long BYTES = 1 << 16;

  @TempDir Path folder;
  private Path path;
  private Journal journal;

  @BeforeEach
  void create() throws IOException {
    path = folder.resolve("1-0.journal");
    journal = Journal.create(path, new Journal.Lane(1, 1, 0), BYTES, new Random(1));
  }

  private static LinkClick click(long sequence, String userAgent) {
    return new LinkClick(
        new Identity.Own(1, 1, 0, sequence),
        TestClicks.click(1, AT).subject(),
        "code",
        AT.plusMillis(sequence),
        AT,
        "",
        new LinkClick.Target(302, "example.com"),
        Via.LINK,
        new Client("203.0.113.9", userAgent, "", "", false, false),
        Campaign.NONE,
        clicktide.event.TrackingMode.FULL);
  }

  private static List<Long> sequences(List<EncodedEvent> clicks) {
    return clicks.stream().map(click -> ((Identity.Own) click.identity()).sequence()).toList();
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  private List<EncodedEvent> recovered() throws IOException {
    var clicks = new ArrayList<EncodedEvent>();
    try (var file = JournalFile.open(path).orElseThrow()) {
      var at = file.acknowledged();
      for (var found = file.read(at); found.isPresent(); found = file.read(at)) {
        clicks.add(found.get().click());
        at = found.get().next();
      }
    }
    return clicks;
  }

  @Test
  @DisplayName("returns clicks in order and whole, over many rounds and of any size")
  void givesClicksBackInOrder() {
    var random = new Random(1);
    var written = 0L;
    var read = 0L;
    while (read < 20_000) {
      for (var some = random.nextInt(40); some > 0; some--) {
        var agent = "a".repeat(random.nextInt(600));
        if (journal.append(sequence -> click(sequence, agent))) {
          written++;
        }
      }
      assertThat(journal.oldest())
          .map(Instant::toEpochMilli)
          .isEqualTo(
              written == read
                  ? java.util.Optional.empty()
                  : java.util.Optional.of(AT.plusMillis(read).toEpochMilli()));
      var clicks = journal.read(1 + random.nextInt(40));
      assertThat(sequences(clicks)).isEqualTo(numbers(read, read + clicks.size()));
      journal.acknowledge(clicks.size());
      read += clicks.size();
      assertThat(journal.acknowledged()).isEqualTo(read);
    }
  }

  @Test
  @DisplayName("a full journal refuses a click at once, and takes the next one when there is room")
  void aFullOneSaysSo() {
    var kept = 0;
    while (journal.append(sequence -> click(sequence, "agent"))) {
      kept++;
    }
    assertThat(kept).isGreaterThan(400);
    assertThat(journal.fill()).isGreaterThan(0.95);
    assertThat(journal.append(sequence -> click(sequence, "agent"))).isFalse();

    journal.acknowledge(journal.read(100).size());

    assertThat(journal.append(sequence -> click(sequence, "agent"))).isTrue();
    assertThat(sequences(journal.read(10_000))).isEqualTo(numbers(100, kept + 1L));
  }

  @Test
  @DisplayName(
      "after a crash the next process finds the clicks without acknowledgement and no others")
  void isRecovered() throws IOException {
    for (var round = 0; round < 5; round++) {
      while (journal.append(sequence -> click(sequence, "agent"))) {
        // until it is full: old records stand behind every new one
      }
      journal.acknowledge(journal.read(300).size());
    }
    var left = sequences(journal.read(10_000));

    assertThat(sequences(recovered())).isEqualTo(left);
  }

  @Test
  @DisplayName("a text that looks like a record of an earlier round is not read as one")
  void hostileTextIsNoRecord() throws IOException {
    var spelled = new byte[600];
    for (var i = 0; i + 8 <= spelled.length; i += 8) {
      spelled[i] = 24; // a length, and a checksum that an attacker may guess
    }
    var text = new String(spelled, java.nio.charset.StandardCharsets.ISO_8859_1);
    for (var round = 0; round < 3; round++) {
      while (journal.append(sequence -> click(sequence, text))) {
        // until it is full
      }
      journal.acknowledge(journal.read(10_000).size());
    }
    for (var i = 0; i < 20; i++) {
      assertThat(journal.append(sequence -> click(sequence, "x"))).isTrue();
    }

    assertThat(recovered()).hasSize(20);
  }

  @Test
  @DisplayName("X18: a flipped bit ends the recovery before the damaged record")
  void aFlippedBitIsFound() throws IOException {
    for (var i = 0; i < 10; i++) {
      journal.append(sequence -> click(sequence, "agent"));
    }
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      var ring = file.length() - BYTES;
      file.seek(ring + 40);
      var was = file.read();
      file.seek(ring + 40);
      file.write(was ^ 4);
    }

    assertThat(recovered()).isEmpty();
  }

  @Test
  @DisplayName("a journal without enough room is refused and leaves no file")
  void oneThatCannotBeHadIsRefused() {
    var nowhere = folder.resolve("missing").resolve("1-1.journal");
    assertThatThrownBy(
            () -> Journal.create(nowhere, new Journal.Lane(1, 1, 1), BYTES, new Random(1)))
        .isInstanceOf(IOException.class);
  }

  @Test
  @DisplayName("closing deletes an empty journal and keeps another one")
  void anEmptyOneGoes() throws IOException {
    journal.append(sequence -> click(sequence, "agent"));
    journal.close();
    assertThat(path).exists();
    var other = folder.resolve("1-1.journal");
    Journal.create(other, new Journal.Lane(1, 1, 1), BYTES, new Random(1)).close();
    assertThat(Files.exists(other)).isFalse();
  }
}
