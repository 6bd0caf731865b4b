package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.deploy.ProseRules.Kind;
import clicktide.deploy.ProseSources.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The language rules of CONTRIBUTING.md hold in")
class DocsTest {
  private static final Path ROOT = Path.of(System.getProperty("clicktide.root"));

  private final ProseSources sources = new ProseSources(ROOT);

  @Test
  @DisplayName("Markdown files")
  void markdown() throws IOException {
    holdIn(sources.markdown());
  }

  @Test
  @DisplayName("doc comments and comments of Java")
  void comments() throws IOException {
    holdIn(sources.comments());
  }

  @Test
  @DisplayName("messages of Java")
  void messages() throws IOException {
    holdIn(sources.messages());
  }

  @Test
  @DisplayName("the API descriptions and the alerts")
  void descriptions() throws IOException {
    holdIn(sources.descriptions());
  }

  @Test
  @DisplayName("the dashboard")
  void dashboard() throws IOException {
    holdIn(sources.dashboard());
  }

  private static void holdIn(List<Finding> findings) {
    assertThat(findings)
        .withFailMessage(() -> String.join("\n", findings.stream().map(Object::toString).toList()))
        .isEmpty();
  }

  @Test
  @DisplayName("README.md, which has no table row over 120 characters")
  void readmeRows() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("README.md")))
        .filteredOn(line -> line.startsWith("|"))
        .allSatisfy(row -> assertThat(row).hasSizeLessThanOrEqualTo(120));
  }

  private static final Pattern LINK = Pattern.compile("(?:\\]\\(|src=\")([^)#\"\\s]+)");

  @Test
  @DisplayName("Markdown files, whose links lead to files that exist")
  void links() throws IOException {
    var broken = new ArrayList<String>();
    for (var file : sources.files()) {
      if (file.toString().endsWith(".md")) {
        var link = LINK.matcher(Files.readString(ROOT.resolve(file)));
        while (link.find()) {
          if (!link.group(1).contains(":")
              && !Files.exists(ROOT.resolve(file).resolveSibling(link.group(1)))) {
            broken.add(file + ": " + link.group(1));
          }
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static final Pattern HOP = Pattern.compile("\\| (\\d+) \\| `(\\w+)\\.(\\w+)` \\|.*");

  @Test
  @DisplayName("ARCHITECTURE.md, whose ways lead through methods that exist")
  void ways() throws IOException {
    var unknown = new ArrayList<String>();
    var hops = new ArrayList<Integer>();
    for (var line : Files.readAllLines(ROOT.resolve("ARCHITECTURE.md"))) {
      var hop = HOP.matcher(line);
      if (hop.matches()) {
        hops.add(Integer.parseInt(hop.group(1)));
        if (!isMethod(hop.group(2), hop.group(3))) {
          unknown.add(hop.group(2) + "." + hop.group(3));
        }
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(hops)
        .hasSizeBetween(30, 25 + 20)
        .allSatisfy(hop -> assertThat(hop).isBetween(1, 25));
  }

  private boolean isMethod(String type, String method) throws IOException {
    for (var file : sources.files()) {
      if (file.endsWith(type + ".java") && file.toString().contains("src/main/java/")) {
        return Files.readString(ROOT.resolve(file)).matches("(?s).*\\b" + method + "\\(.*");
      }
    }
    return false;
  }

  @ParameterizedTest(name = "{1}")
  @DisplayName("new text, because they reject")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          # sentences that were written here before
          PROSE   | How the house is built, and why.
          PROSE   | What somebody might want to "mend" has a page of its own
          PROSE   | How the house is built, and why. What somebody might want to 'mend' has a page of its own
          PROSE   | A full one sheds the click and counts it in a table beside the ring, by link and minute (then by owner, then by minute), which outlives the process, too.
          PROSE   | A domain of an owner's is two links without a name (0013), so it needs nothing else; who asks for an unknown name there is counted aside.
          PROSE   | What else a partition's owner must remember (…) is one text in the same fence, so the next owner guesses nothing
          PROSE   | (A follower that began in the middle of the log, as that of rates does, or the live one after its store was emptied, cannot tell.)
          PROSE   | A node that was silent longer holds nothing back; answers name it and are not `complete`, until it is heard again, or for a day.
          CELL    | people, for links that are for so many
          CELL    | Clicks a minute of one address on one link above which they are a machine's, 0 to 1000000; 0: never
          CELL    | … say where they lead who asks for no name or for an unknown one (without: a page that says so)
          JAVADOC | `*@domain` is met by who asks for a name that it does not have.
          LEAD    | A verdict as whoever counts needs it: so many clicks like this visit were counted as people's and are a machine's.
          LEAD    | Of a record that no node sent, but for instance somebody who mends.
          LEAD    | What is counted for an owner, but in no sum of all of its links, has its number below zero.
          LEAD    | A row that begins with null, where the coverage is not what it was taken for.
          LEAD    | This key, and some of those that nobody asks for any more.
          PROSE   | Whoever may be called twice says so and proves it in a contract test.
          PROSE   | `FirstLight` is a user with sixteen hands and a good memory.
          PROSE   | A thing is named after what it is in the story.
          LEAD    | What decides where a click is counted
          # errors of the API
          MESSAGE | It is all, human or bot.
          MESSAGE | It is previous.
          MESSAGE | It goes without from and to.
          MESSAGE | What is put has a destination.
          MESSAGE | A key ends in the future.
          MESSAGE | It is there more than once.
          MESSAGE | Each of it is a text
          MESSAGE | This owner has made its calls of this minute.
          # texts of the dashboard
          LABEL   | Machines
          LABEL   | A second
          LABEL   | counted through 14:05
          LABEL   | Make the link
          # each of the other rules
          COMMENT | what came before
          PROSE   | The node that was there goes away.
          PROSE   | The count lies behind the marker.
          PROSE   | The node says goodbye when it stops.
          PROSE   | A second belt is row-level security.
          CELL    | The books
          PROSE   | The cache keeps rows; what was read before is dropped.
          WIDTH   | A cell of a table that goes on and on, with one more detail after each detail, until a reader has lost the row that the cell is in.
          PROSE   | A sentence of twenty-six words is one word longer than the longest sentence which a reader of this project has to read in any of its documents.
          """)
  void reject(Kind kind, String sentence) {
    assertThat(ProseRules.broken(kind, sentence)).isNotEmpty();
  }

  @ParameterizedTest(name = "{1}")
  @DisplayName("new text, because they accept")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          PROSE   | How Clicktide is built and why. Decisions that look like mistakes have a page in docs/decisions.
          PROSE   | When the ring is full, the click is dropped and counted as shed, per link and minute. If that table fills up, per owner and minute. The counts survive a crash.
          PROSE   | A custom domain is stored as two special links: one for its root path, one for unknown names (0013). Requests for unknown names are counted separately and are in no total.
          PROSE   | The rest of a partition's state is stored in the same fence row, so a new owner resumes exactly.
          PROSE   | A consumer that did not start at offset 0 cannot report `clicks_missing`: the rate consumer never can, and the live consumer cannot after Redis was flushed.
          PROSE   | After 30 s without a heartbeat a node no longer delays the watermark. Until it returns, and for at most one day, answers list it and have `complete: false`.
          CELL    | human clicks so far, for links with a click limit
          CELL    | Maximum clicks per minute from one address on one link. Clicks above it count as bot traffic. 0 to 1,000,000, default 300; 0 disables the check.
          PROSE   | `defaultDestination` is the redirect for the domain's root, `notFoundDestination` for unknown names. If unset, a 404 page is shown.
          JAVADOC | `*@domain` handles requests for names that do not exist on the domain.
          LEAD    | A reclassification: `clicks` clicks equal to `visit` were counted as human and are bot traffic.
          LEAD    | The report of a record written by a repair tool instead of a node.
          LEAD    | A negative number marks counts that belong to the owner but are left out of its totals (requests for unknown names on its domains).
          LEAD    | Returns a row whose first column is NULL if the coverage changed after it was read; the caller then retries.
          LEAD    | Deletes this idempotency key if it has expired, and up to 100 other expired keys.
          MESSAGE | `traffic` must be `all`, `human` or `bot`.
          MESSAGE | `compare` must be `previous`.
          MESSAGE | `interval` cannot be combined with `from` and `to`.
          MESSAGE | `destination` is required.
          MESSAGE | `expiresAt` must be in the future.
          MESSAGE | `{name}` may be given only once.
          MESSAGE | Rate limit exceeded: 6,000 calls per minute. Retry after 12 seconds.
          PROSE   | An idempotent method says so in its javadoc and has a contract test that calls it twice.
          PROSE   | `OracleLoadTest` drives the product from 16 threads and checks every answer against an in-memory oracle.
          LABEL   | Updated 2 s ago
          LABEL   | Create link
          PROSE   | The product runs behind a reverse proxy. The live sink may fall behind.
          """)
  void accept(Kind kind, String sentence) {
    assertThat(ProseRules.broken(kind, sentence)).isEmpty();
  }
}
