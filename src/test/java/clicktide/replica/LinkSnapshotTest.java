package clicktide.replica;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.Some;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.link.Link.State;
import clicktide.link.Link.Tracking;
import clicktide.net.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("G13: the links on a node's own disk")
class LinkSnapshotTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00.123Z");

  private static final LinkSnapshot.Head HEAD =
      new LinkSnapshot.Head(
          AT,
          Map.of(
              Some.OWNER,
              List.of(
                  Network.parse("203.0.113.0/24").orElseThrow(),
                  Network.parse("2001:db8::/48").orElseThrow())));

  @TempDir Path folder;

  private static Link link(long id, State state, Optional<Instant> ends) {
    var rules =
        new Rules(
            "https://example.com/" + id,
            307,
            state,
            Tracking.COUNTS,
            Optional.of(AT),
            ends,
            id % 2 == 0);
    return new Link(id, "code" + id, Some.OWNER, rules, Link.Notes.NONE, 3, AT, AT.plusSeconds(id));
  }

  @Test
  @DisplayName("come back as they were, with the change that they are complete up to")
  void comeBackAsTheyWere() throws IOException {
    var snapshot = new LinkSnapshot(folder.resolve("links"));
    var links =
        List.of(
            link(1, State.ACTIVE, Optional.empty()),
            link(2, State.DELETED, Optional.of(AT.plusSeconds(9))));
    snapshot.write(List.of(), HEAD);
    snapshot.write(links, HEAD);

    var read = new ArrayList<Link>();
    assertThat(snapshot.read(read::add)).contains(HEAD);
    assertThat(read).isEqualTo(links);
  }

  @Test
  @DisplayName("a file that is cut, changed or missing is as good as none")
  void aDamagedFileIsNone() throws IOException {
    var file = folder.resolve("links");
    var snapshot = new LinkSnapshot(file);
    assertThat(snapshot.read(_ -> {})).isEmpty();
    snapshot.write(List.of(link(1, State.ACTIVE, Optional.empty())), HEAD);
    var bytes = Files.readAllBytes(file);
    for (var length : new int[] {0, 3, 12, bytes.length - 1}) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));
      assertThat(snapshot.read(_ -> {})).as("%d bytes", length).isEmpty();
    }
    bytes[30] ^= 1;
    Files.write(file, bytes);
    assertThat(snapshot.read(_ -> {})).isEmpty();
  }
}
