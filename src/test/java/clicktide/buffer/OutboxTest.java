package clicktide.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clicktide.count.TestClicks;
import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.event.ShedReport;
import clicktide.time.ManualTime;
import clicktide.wire.EncodedEvent;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A4: clicks of a node that the log has not acknowledged")
class OutboxTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final long JOURNAL = 1 << 16;

  @TempDir Path folder;
  private final ManualTime time = new ManualTime(AT);

  private Spool spool(long bytes) throws IOException {
    return Spool.open(folder.resolve("spool"), bytes, time);
  }

  private Outbox outbox(int boot) throws IOException {
    return outbox(boot, spool(1 << 24));
  }

  private Outbox outbox(int boot, Spool spool) throws IOException {
    return Outbox.open(
        new Outbox.Folders(folder.resolve("memory"), folder.resolve("disk")),
        spool,
        new NodeStart(5, boot, List.of()),
        2,
        2 * JOURNAL,
        new Random(1));
  }

  private static boolean append(Journal journal, int boot, int lane) {
    return journal.append(
        sequence -> TestClicks.click(new Identity.Own(5, boot, lane, sequence), 1, AT));
  }

  private static List<EncodedEvent> clicks(long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(i -> EncodedEvent.of(TestClicks.click(new Identity.Own(5, 1, 0, i), 1, AT)))
        .toList();
  }

  private static List<Long> drain(Spool spool) {
    var sequences = new ArrayList<Long>();
    for (var some = spool.read(100); !some.isEmpty(); some = spool.read(100)) {
      some.forEach(click -> sequences.add(((Identity.Own) click.identity()).sequence()));
      spool.acknowledge();
    }
    return sequences;
  }

  @Test
  @DisplayName("G2: the next process sends the clicks in the journals of a killed one")
  void whatWasLeftIsSent() throws IOException {
    var killed = outbox(1);
    for (var i = 0; i < 50; i++) {
      append(killed.journals().get(0), 1, 0);
      append(killed.journals().get(1), 1, 1);
    }
    killed.journals().getFirst().shed(9, TestClicks.OWNER, AT);
    killed.journals().getFirst().shed(9, TestClicks.OWNER, AT);

    try (var next = outbox(2)) {
      assertThat(next.report(AT).acknowledged())
          .as("it has lanes from the start")
          .containsExactly(0L, 0L);
      assertThat(drain(next.spool())).hasSize(100);
      var shed = next.shedCounts().stream().flatMap(counts -> counts.unreported().stream());
      assertThat(shed)
          .containsExactly(new ShedReport(5, 1, 0, 9, TestClicks.OWNER, Minute.of(AT), 2));
      assertThat(next.report(AT).firstBoot()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName(
      "a heartbeat has the acknowledged numbers, which do not rise while the spool is in use")
  void saysWhatIsSettled() throws IOException {
    try (var outbox = outbox(1)) {
      var journal = outbox.journals().getFirst();
      for (var i = 0; i < 10; i++) {
        append(journal, 1, 0);
      }
      assertThat(outbox.report(AT.plusSeconds(9)).oldest()).isEqualTo(AT);
      journal.acknowledge(journal.read(4).size());
      assertThat(outbox.report(AT).acknowledged()).containsExactly(4L, 0L);

      outbox.spool().append(journal.read(3), AT);
      journal.acknowledge(3);
      assertThat(outbox.report(AT).acknowledged()).containsExactly(4L, 0L);
      assertThat(outbox.report(AT).firstBoot()).isZero();

      drain(outbox.spool());
      assertThat(outbox.report(AT).acknowledged()).containsExactly(7L, 0L);
      journal.acknowledge(journal.read(10).size());
      outbox.leave();
      assertThat(outbox.report(AT.plusSeconds(9)).leaving()).isTrue();
      assertThat(outbox.report(AT.plusSeconds(9)).oldest()).isEqualTo(AT.plusSeconds(9));
    }
  }

  @Test
  @DisplayName("the spool returns its clicks, also to the next process, up to its size limit")
  void theSpoolGivesBack() throws IOException {
    var spool = spool(100_000);
    spool.append(clicks(0, 150), AT);
    spool.append(clicks(150, 300), AT.plusSeconds(1));
    assertThat(spool.oldest()).contains(AT);
    assertThatThrownBy(() -> spool.append(clicks(300, 900), AT)).isInstanceOf(IOException.class);
    spool.read(100);
    spool.acknowledge();
    spool.close();

    var next = spool(100_000);
    next.append(clicks(300, 310), AT);
    assertThat(drain(next)).isEqualTo(LongStream.range(0, 310).boxed().toList());
    assertThat(next.isEmpty()).isTrue();
    try (var files = Files.list(folder.resolve("spool"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  @Timeout(60)
  @DisplayName("A4: a heartbeat does not wait for a slow disk")
  void aSlowDiskDelaysNoReport() throws Exception {
    var syncing = new CountDownLatch(1);
    var synced = new CountDownLatch(1);
    SpoolSegment.Sync slow =
        _ -> {
          syncing.countDown();
          Uninterruptibles.awaitUninterruptibly(synced);
        };
    var spool = Spool.open(folder.resolve("spool"), 1 << 24, time, slow);
    var outbox = outbox(1, spool);
    try {
      append(outbox.journals().getFirst(), 1, 0);
      var appending =
          CompletableFuture.runAsync(
              () -> appendUnchecked(spool, clicks(0, 1)), Thread::startVirtualThread);
      syncing.await();

      var reported =
          CompletableFuture.supplyAsync(
              () -> List.of(outbox.report(AT.plusSeconds(9)), spool.oldest(), spool.clicks()),
              Thread::startVirtualThread);
      var report = (Heartbeat) reported.get(30, TimeUnit.SECONDS).getFirst();
      assertThat(report.oldest()).isEqualTo(AT);
      assertThat(spool.isEmpty()).as("nothing is durable yet").isTrue();

      synced.countDown();
      appending.join();
      assertThat(spool.isEmpty()).isFalse();
      assertThat(spool.oldest()).contains(AT);
    } finally {
      synced.countDown();
      outbox.close();
    }
  }

  private static void appendUnchecked(Spool spool, List<EncodedEvent> clicks) {
    try {
      spool.append(clicks, AT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("a record that a crash has cut is left out, and the clicks before it are read")
  void aCutRecordIsLeftOut() throws IOException {
    var spool = spool(1 << 20);
    spool.append(clicks(0, 20), AT);
    spool.close();
    Path file;
    try (var files = Files.list(folder.resolve("spool"))) {
      file = files.findFirst().orElseThrow();
    }
    Files.write(file, new byte[] {0, 0, 1, 0, 5, 5, 5, 5, 9, 9}, StandardOpenOption.APPEND);

    assertThat(drain(spool(1 << 20))).isEqualTo(LongStream.range(0, 20).boxed().toList());
  }

  @Test
  @DisplayName("a damaged segment is kept for a week")
  void whatWasKeptAsideExpires() throws IOException {
    var kept = Files.createDirectories(folder.resolve("spool")).resolve("1.spool.damaged");
    var old = Files.createFile(kept.resolveSibling("2.spool.damaged"));
    Files.createFile(kept);
    Files.setLastModifiedTime(kept, FileTime.from(AT));
    Files.setLastModifiedTime(old, FileTime.from(AT.minus(Duration.ofDays(8))));

    spool(1 << 20).close();

    assertThat(old).doesNotExist();
    assertThat(kept).exists();
  }

  @Test
  @DisplayName("shed clicks are counted exactly, per link, then per owner, then per minute")
  void shedClicksAreCountedExactly() throws IOException {
    try (var outbox = outbox(1)) {
      var journal = outbox.journals().getFirst();
      var counts = journal.shedCounts();
      for (var link = 1; link <= 20_000; link++) {
        journal.shed(link, new OwnerId(1 + link % 7), AT);
      }
      var shed = counts.unreported();
      assertThat(shed.stream().mapToLong(ShedReport::clicks).sum()).isEqualTo(20_000);
      assertThat(shed).anyMatch(one -> one.link() == 1).anyMatch(one -> one.link() == 0);

      journal.shed(1, new OwnerId(2), AT);
      counts.reported(shed);
      assertThat(counts.unreported()).hasSize(1).allMatch(one -> one.clicks() == 2);
      counts.reported(counts.unreported());

      journal.shed(77, new OwnerId(3), AT.plusSeconds(300));
      assertThat(counts.unreported())
          .containsExactly(
              new ShedReport(5, 1, 0, 77, new OwnerId(3), Minute.of(AT.plusSeconds(300)), 1));
    }
  }

  @Test
  @DisplayName("are in folders that only its user can enter, also those of an earlier version")
  void areInPrivateFolders() throws IOException {
    var earlier = Files.createDirectory(folder.resolve("disk"));
    Files.setPosixFilePermissions(earlier, PosixFilePermissions.fromString("rwxr-xr-x"));

    try (var _ = outbox(1)) {
      assertThat(mode(folder.resolve("memory"))).isEqualTo("rwx------");
      assertThat(mode(earlier)).isEqualTo("rwx------");
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwxrwx", "rwx-w----"})
  @DisplayName("are refused in a folder in which others can write")
  void areRefusedWhereOthersCanWrite(String mode) throws IOException {
    var planted = Files.createDirectory(folder.resolve("memory"));
    Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString(mode));

    assertThatThrownBy(() -> outbox(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(planted.toString());
  }

  @Test
  @DisplayName("are refused through a symbolic link")
  void areRefusedThroughALink() throws IOException {
    var target = Files.createDirectory(folder.resolve("target"), PRIVATE);
    Files.createSymbolicLink(folder.resolve("memory"), target);

    assertThatThrownBy(() -> outbox(1)).isInstanceOf(IllegalStateException.class);
    assertThat(target).isEmptyDirectory();
  }

  @Test
  @DisplayName("are refused in a folder of another user")
  void areRefusedInAFolderOfAnotherUser() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a folder");
    var planted = Files.createDirectory(folder.resolve("memory"), PRIVATE);
    Files.setAttribute(planted, "unix:uid", 65_534);

    assertThatThrownBy(() -> outbox(1)).isInstanceOf(IllegalStateException.class);
  }

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
}
