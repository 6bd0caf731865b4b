package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The command line")
@Timeout(120)
class CommandLineTest {
  @TempDir static Path data;
  @RegisterExtension static final RunningProduct product = new RunningProduct();
  @TempDir private Path folder;

  @BeforeAll
  static void writeKeys() throws IOException {
    Files.writeString(data.resolve("owner.key"), product.key);
    Files.writeString(data.resolve("admin.key"), product.administrator);
  }

  private static String run(String... words) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var environment =
        Map.of(
            "CLICKTIDE_DATA", data.toString(),
            "CLICKTIDE_API_PORT", Integer.toString(product.here.apiPort));
    CommandLine.run(
        environment, Arrays.asList(words), new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("creates, lists and shows links")
  void links() throws Exception {
    var made = run("link", "add", "https://example.com/tides", "--code", "typed", "--tags", "a,b");
    assertThat(made).contains("/typed\thttps://example.com/tides");
    assertThat(run("link", "list", "--tags", "a,b"))
        .isEqualTo("typed\tactive\thttps://example.com/tides\n");
    assertThat(run("link", "show", "typed")).contains("destination      https://example.com/tides");
    assertThat(run("link", "show", "typed", "--json")).startsWith("{\"code\":\"typed\"");
    assertThatThrownBy(() -> run("link", "show", "nobody"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("404 not_found: There is no such link.");
    assertThatThrownBy(() -> run("link", "add", "https://example.com/", "--colour", "red"))
        .hasMessageContaining("There is no option --colour");
  }

  @Test
  @DisplayName("escapes characters that control the terminal or the writing direction")
  void controlCharacters() throws Exception {
    run("link", "add", "https://example.com/", "--code", "lines", "--title", "one\ntwo");
    run("link", "add", "https://example.com/", "--code", "ids", "--external-id", "\u001b[2J\u202e");

    assertThat(run("link", "show", "lines")).contains("one\\u000atwo");
    assertThat(run("link", "show", "ids")).contains("\\u001b[2J\\u202e");
    assertThat(run("link", "show", "ids", "--json")).contains("\"\\u001B[2J\\u202e\"");
  }

  @Test
  @DisplayName("imports files of any size, reports rows that failed, and exports the links again")
  void files() throws Exception {
    var table = new StringBuilder("code,destination,title,tags\n");
    for (var i = 0; i < 2_500; i++) {
      table.append("bulk-%d,https://example.com/%1$d,\"a %1$d\nin two lines\",bulk\n".formatted(i));
    }
    table.append("bulk-x,ftp://example.com/,,\n");
    var file = Files.writeString(folder.resolve("links.csv"), table);

    assertThat(run("link", "import", file.toString()))
        .isEqualTo(
            """
            row 2501: `destination` must begin with http:// or https://.
            2500 created, 0 changed, 0 unchanged, 1 failed
            """);
    assertThat(product.follow("bulk-2499", "198.51.100.1").statusCode()).isEqualTo(302);
    for (var format : new String[] {"csv", "jsonl"}) {
      var all = run("link", "export", "--format", format, "--tags", "bulk");
      var back = Files.writeString(folder.resolve("back." + format), all);
      assertThat(run("link", "import", back.toString()))
          .isEqualTo("0 created, 0 changed, 2500 unchanged, 0 failed\n");
    }
  }

  @Test
  @DisplayName("creates, rotates and revokes keys, and creates owners")
  void keys() throws Exception {
    var made = run("key", "add", "ci", "--scopes", "links:read").strip().split("\t", -1);
    assertThat(run("key", "list")).contains(made[0] + "\tci\t[\"links:read\"]");
    assertThat(product.askAs(made[1], "GET", "/v1/links", "").statusCode()).isEqualTo(200);
    var next = run("key", "rotate", made[0]).strip().split("\t", -1);
    assertThat(run("key", "list")).contains(next[0]).doesNotContain(made[0]);
    run("key", "revoke", next[0]);
    assertThat(run("key", "list")).doesNotContain(next[0]);
    assertThat(run("owner", "show")).contains("name             me");
    assertThat(run("owner", "add", "Ada")).contains("\tct_");
  }
}
