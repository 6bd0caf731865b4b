package clicktide.replica;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.TestClicks;
import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.link.Link.Notes;
import clicktide.link.Link.Rules;
import clicktide.link.Link.State;
import clicktide.link.Link.Tracking;
import clicktide.net.Network;
import clicktide.wire.SnapshotHeader;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("G13: the snapshot of links on a node's own disk")
class LinkSnapshotTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00.123Z");
  private static final Map<OwnerId, List<Network>> NETWORKS =
      Map.of(
          TestClicks.OWNER,
          List.of(
              Network.parse("203.0.113.0/24").orElseThrow(),
              Network.parse("2001:db8::/48").orElseThrow()));

  private static final List<Link> LINKS =
      List.of(
          link(1, Rules.to("https://example.com/1")),
          link(
              2,
              Rules.to("https://example.com/%C3%A4")
                  .withStatus(307)
                  .withState(State.DELETED)
                  .withTracking(Tracking.COUNTS)
                  .withStart(AT)
                  .withEnd(AT.plusSeconds(9))
                  .withQuery(true)),
          link(3, Rules.NOWHERE.withState(State.EXHAUSTED).withTracking(Tracking.OFF)));

  private static final SnapshotHeader HEADER =
      new SnapshotHeader("started", AT, NETWORKS, LINKS.size());

  @TempDir Path folder;
  private Path file;
  private LinkSnapshot snapshot;
  private final List<Link> read = new ArrayList<>();

  private static Link link(long id, Rules rules) {
    return new Link(
        id, "code" + id, new OwnerId(-id), rules, Notes.NONE, 3, AT, AT.plusSeconds(id));
  }

  @BeforeEach
  void begin() {
    file = folder.resolve("links");
    snapshot = new LinkSnapshot(file);
  }

  @Test
  @DisplayName("links, networks and time are read as they were written")
  void isReadAsItWasWritten() throws IOException {
    snapshot.write(new SnapshotHeader("1", AT, Map.of(), 0), List.of());
    snapshot.write(HEADER, LINKS);

    assertThat(snapshot.read(read::add)).contains(HEADER);
    assertThat(read).isEqualTo(LINKS);
    try (var files = Files.list(folder)) {
      assertThat(files).as("no temporary file is left").containsExactly(file);
    }
  }

  @Test
  @DisplayName("times are kept to the microsecond, as the store has them")
  void timesAreExact() throws IOException {
    var at = Instant.parse("2026-05-03T12:00:00.123456Z");
    var link =
        new Link(1, "a", TestClicks.OWNER, Rules.to("https://x.org/"), Notes.NONE, 1, at, at);
    snapshot.write(new SnapshotHeader("1", at, Map.of(), 1), List.of(link));

    assertThat(snapshot.read(read::add).map(SnapshotHeader::seen)).contains(at);
    assertThat(read).containsExactly(link);
  }

  @Test
  @DisplayName("a file of the format before Protobuf is read once and written again in the new one")
  void theOldFormatIsConverted() throws IOException {
    BinarySnapshotWriter.write(file, LINKS, AT, NETWORKS);
    assertThat(Files.readAllBytes(file)).startsWith('C', 'T', 'L', '3');

    var header = snapshot.read(read::add);

    assertThat(header).contains(new SnapshotHeader("", AT, NETWORKS, LINKS.size()));
    assertThat(read).isEqualTo(LINKS);
    assertThat(Files.readAllBytes(file)).startsWith('C', 'T', 'L', '4');
    read.clear();
    assertThat(snapshot.read(read::add)).isEqualTo(header);
    assertThat(read).isEqualTo(LINKS);
  }

  @Test
  @DisplayName("a file that is cut, changed or missing counts as missing, in both formats")
  void aDamagedFileIsNotUsed() throws IOException {
    assertThat(snapshot.read(read::add)).isEmpty();
    snapshot.write(HEADER, LINKS);
    var newFormat = Files.readAllBytes(file);
    BinarySnapshotWriter.write(file, LINKS, AT, NETWORKS);
    for (var bytes : List.of(newFormat, Files.readAllBytes(file))) {
      for (var length : new int[] {0, 3, 12, bytes.length - 1}) {
        Files.write(file, Arrays.copyOf(bytes, length));
        assertThat(snapshot.read(read::add)).as("%d bytes", length).isEmpty();
      }
      for (var at = 0; at < bytes.length; at += 7) {
        var changed = bytes.clone();
        changed[at] ^= 1;
        Files.write(file, changed);
        assertThat(snapshot.read(read::add)).as("byte %d changed", at).isEmpty();
      }
    }
    assertThat(read).isEmpty();
  }

  private static byte[] withField(byte[] message, int number) throws IOException {
    var field = UnknownFieldSet.Field.newBuilder().addVarint(42).build();
    return UnknownFieldSet.parseFrom(message).toBuilder()
        .mergeField(number, field)
        .build()
        .toByteArray();
  }

  /** The file with another field in each message. */
  private byte[] withField(int number) throws IOException {
    var in = CodedInputStream.newInstance(Files.readAllBytes(file));
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(in.readRawBytes(4));
    for (var messages = 1 + LINKS.size(); messages > 0; messages--) {
      var message = withField(in.readByteArray(), number);
      for (var rest = message.length; ; rest >>>= 7) {
        out.write(rest > 0x7f ? rest & 0x7f | 0x80 : rest);
        if (rest <= 0x7f) {
          break;
        }
      }
      out.write(message);
    }
    var crc = new CRC32C();
    crc.update(bytes.toByteArray());
    out.writeLong(crc.getValue());
    return bytes.toByteArray();
  }

  @Test
  @DisplayName("fields of a newer version are ignored")
  void fieldsOfANewerVersionAreIgnored() throws IOException {
    snapshot.write(HEADER, LINKS);
    Files.write(file, withField(99));

    assertThat(snapshot.read(read::add)).contains(HEADER);
    assertThat(read).isEqualTo(LINKS);
  }

  @Test
  @DisplayName("a file of a newer format is not used")
  void aNewerFormatIsNotUsed() throws IOException {
    snapshot.write(HEADER, LINKS);
    Files.write(file, withField(1)); // 42, since the last value of a field counts

    assertThat(snapshot.read(read::add)).isEmpty();
    assertThat(read).isEmpty();
  }
}
