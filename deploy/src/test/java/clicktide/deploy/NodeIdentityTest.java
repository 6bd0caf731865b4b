package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("G21: the identity of a process in its clicks")
class NodeIdentityTest {
  private final Random random = new Random(17);
  @TempDir Path data;

  @Test
  @DisplayName("is another one at each start, and the folder of the journals stays")
  void anotherOneAtEachStart() throws Exception {
    var starts = new HashSet<Long>();
    var first = NodeIdentity.next(data, random);
    starts.add(first.start());
    var last = first;
    for (var i = 0; i < 40; i++) {
      var next = NodeIdentity.next(data, random);
      assertThat(next.folder()).isEqualTo(first.folder());
      assertThat(next.boot()).isEqualTo(last.boot() + 1);
      assertThat(next.previous()).endsWith(last.start()).hasSizeLessThanOrEqualTo(32);
      starts.add(next.start());
      last = next;
    }
    assertThat(starts).hasSize(41);
  }

  @Test
  @DisplayName("names the node of an earlier version, which was kept in the folder")
  void afterAnEarlierVersion() throws Exception {
    Files.writeString(data.resolve("node"), "fffffffffffffff1 41\n");

    var next = NodeIdentity.next(data, random);

    assertThat(next.previous()).containsExactly(-15L);
    assertThat(next.boot()).isEqualTo(42);
    assertThat(Files.readString(data.resolve("node"))).isEqualTo("fffffffffffffff1 42\n");
  }

  @Test
  @DisplayName("a copy of the data folder cannot share the journals of a running process")
  void journalsAreLocked() {
    var journals = data.resolve("journals");
    try (var _ = FolderLock.ofJournals(journals).orElseThrow()) {
      assertThatThrownBy(() -> FolderLock.ofJournals(journals))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("was copied");
    }
    FolderLock.ofJournals(journals).orElseThrow().close();
  }
}
