package clicktide.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("O1: the alert rules")
class AlertsTest {
  private static final Path RUNBOOK =
      Path.of(System.getProperty("clicktide.root")).resolve("docs/runbook.md");

  private static List<String> alerts() throws IOException {
    return Monitoring.rules().stream().map(Monitoring.Rule::alert).toList();
  }

  @Test
  @DisplayName("each alert names its section of the runbook, which has no other section")
  void haveSections() throws IOException {
    for (var rule : Monitoring.rules()) {
      assertThat(rule.annotations())
          .as(rule.alert())
          .containsEntry("runbook", "docs/runbook.md#" + rule.alert().toLowerCase(Locale.ROOT));
    }
    var text = Files.readString(RUNBOOK).split("\\n## ", -1);
    var sections = Stream.of(text).skip(1).toList();
    assertThat(sections)
        .extracting(section -> section.lines().findFirst().orElse(""))
        .containsExactlyElementsOf(alerts());
    for (var section : sections) {
      assertThat(section)
          .containsSubsequence("\n- Meaning: ", "\n- Users see: ", "\n- Look at: ", "\n- Do: ");
    }
  }

  @Test
  @DisplayName("each alert has unit tests that fire it and that do not")
  void haveUnitTests() throws IOException {
    var text = Files.readString(Monitoring.DOCKER.resolve("alerts_test.yaml"));
    for (var alert : alerts()) {
      var samples =
          Pattern.compile("ALERTS\\{alertname=\"%s\"[^\\[]*\\[(.?)".formatted(alert))
              .matcher(text)
              .results()
              .map(sample -> sample.group(1));
      assertThat(samples).as(alert).contains("{", "]");
    }
  }

  @Test
  @DisplayName("promtool accepts the rules, and their unit tests pass")
  void passUnitTests() throws Exception {
    var promtool =
        Stream.concat(
                Optional.ofNullable(System.getenv("CLICKTIDE_TEST_PROMTOOL")).stream(),
                Stream.of("/usr/bin/promtool", "/usr/local/bin/promtool"))
            .filter(path -> Files.isExecutable(Path.of(path)))
            .findFirst();
    if (promtool.isEmpty()) {
      System.out.println("SKIPPED: the unit tests of the alert rules, because promtool is missing");
    }
    Assumptions.assumeTrue(promtool.isPresent(), "promtool is missing");
    for (var command :
        List.of(List.of("check", "alerts.yaml"), List.of("test", "alerts_test.yaml"))) {
      var process =
          new ProcessBuilder(promtool.get(), command.getFirst(), "rules", command.getLast())
              .directory(Monitoring.DOCKER.toFile())
              .redirectErrorStream(true)
              .start();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
    }
  }
}
