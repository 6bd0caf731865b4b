package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("clicktide backup and clicktide restore, for embedded servers")
@Timeout(120)
class BackupCommandTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();
  @TempDir Path folder;

  /** Runs a command and returns its lines. */
  static List<String> run(Map<String, String> environment, Object... words) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var arguments = List.of(words).stream().map(Object::toString).toList();
    assertThat(Commands.run(environment, arguments, out)).isTrue();
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static String checksums(Path backup, String table) throws IOException {
    var manifest = Files.readString(backup.resolve("manifest.json"));
    return manifest.replaceFirst(
        "(?s).*\"table\" : \"" + table + "\",.*?(\"sha256\" : \"\\w+\").*", "$1");
  }

  @Test
  @DisplayName("read and fill a running server, and one that they start")
  void embedded() throws Exception {
    product.link();
    var first = folder.resolve("first");
    var second = folder.resolve("second");
    var data = folder.resolve("data");

    assertThat(run(Map.of(), "backup", first, "--data", product.here.data))
        .endsWith("The backup is complete: " + first);
    assertThat(run(Map.of(), "restore", first, "--data", data))
        .anyMatch(line -> line.startsWith("Restored the backup of "));
    run(Map.of(), "backup", second, "--data", data);

    for (var table : List.of("link", "api_key", "owner")) {
      assertThat(checksums(second, table)).as(table).isEqualTo(checksums(first, table));
    }
    assertThatThrownBy(() -> run(Map.of(), "restore", first, "--data", product.here.data))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not empty");
  }

  @Test
  @DisplayName("fail with a sentence if a folder or a server is missing")
  void fail() {
    assertThatThrownBy(() -> run(Map.of(), "backup"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("usage: clicktide backup");
    var none = folder.resolve("none");
    assertThatThrownBy(() -> run(Map.of(), "backup", folder.resolve("b"), "--data", none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never started an embedded PostgreSQL");
    assertThatThrownBy(
            () ->
                run(
                    Map.of("CLICKTIDE_POSTGRES", "postgresql://ct:secret@127.0.0.1:1/ct"),
                    "backup",
                    folder.resolve("b")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("The backup failed: ")
        .hasMessageNotContaining("secret");
    assertThat(none).doesNotExist();
  }
}
