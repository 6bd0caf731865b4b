package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

@DisplayName("O2: the Docker files, as far as they can be checked without an engine")
class DockerFilesTest {
  private static final Path ROOT = Path.of(System.getProperty("clicktide.root"));
  private static final Path DOCKER = ROOT.resolve("deploy/docker");

  private static List<String> dockerfile() throws IOException {
    return Files.readAllLines(DOCKER.resolve("Dockerfile"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  private static Map<String, Object> compose() throws IOException {
    return map(new Yaml().load(Files.readString(DOCKER.resolve("compose.yaml"))));
  }

  private static Map<String, Object> services() throws IOException {
    return map(compose().get("services"));
  }

  @Test
  @DisplayName("the image is built in stages, runs as nobody special and holds no embedded servers")
  void theImage() throws IOException {
    var lines = dockerfile();
    assertThat(lines.stream().filter(line -> line.startsWith("FROM "))).hasSize(2);
    assertThat(lines).anyMatch(line -> line.matches("USER [1-9][0-9]*"));
    assertThat(lines).anyMatch(line -> line.contains("-Dembedded.scope=provided"));
    assertThat(lines.lastIndexOf("USER 10001"))
        .isGreaterThan(lines.indexOf("FROM eclipse-temurin:25-jre"));
    assertThat(Files.readString(ROOT.resolve("deploy/pom.xml")))
        .contains("<scope>${embedded.scope}</scope>");
  }

  @Test
  @DisplayName("what the image copies and runs is there")
  void whatTheImageCopiesIsThere() throws Exception {
    for (var line : dockerfile()) {
      if (line.startsWith("COPY ") && !line.contains("--from")) {
        assertThat(ROOT.resolve(line.split(" ", -1)[1])).exists();
      }
    }
    var text = Files.readString(DOCKER.resolve("Dockerfile"));
    var mains =
        Pattern.compile("clicktide\\.deploy\\.[A-Z]\\w+")
            .matcher(text)
            .results()
            .map(m -> m.group())
            .toList();
    assertThat(mains).hasSize(2);
    for (var main : mains) {
      assertThat(Class.forName(main).getMethod("main", String[].class)).isNotNull();
    }
    assertThat(text).contains("clicktide-deploy-" + version() + ".jar");
  }

  private static String version() throws IOException {
    var pom = Files.readString(ROOT.resolve("pom.xml"));
    return pom.replaceFirst("(?s).*?<version>([^<]*)</version>.*", "$1");
  }

  @Test
  @DisplayName("every image has a pinned tag, every service a way to say that it is well")
  void tagsArePinned() throws IOException {
    for (var line : dockerfile()) {
      if (line.startsWith("FROM ")) {
        assertThat(line).matches("FROM [^ ]+:[^ ]*[0-9][^ ]*( AS build)?");
      }
    }
    services()
        .forEach(
            (name, service) -> {
              var image = map(service).get("image").toString();
              assertThat(image).as(name).matches("[^:]+:v?[0-9][^:]*").doesNotContain("latest");
              assertThat(map(service).containsKey("healthcheck") || image.startsWith("clicktide:"))
                  .as(name)
                  .isTrue();
            });
    assertThat(dockerfile()).anyMatch(line -> line.startsWith("HEALTHCHECK "));
  }

  @Test
  @DisplayName("every redirect node has a volume of its own for its data folder")
  void everyRedirectNodeHasAVolume() throws IOException {
    var volumes = map(compose().get("volumes")).keySet();
    var nodes =
        services().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("redirect-"))
            .toList();
    assertThat(nodes).hasSizeGreaterThan(1);
    for (var node : nodes) {
      var mounts = (List<?>) map(node.getValue()).get("volumes");
      assertThat(mounts).hasSize(2);
      assertThat(mounts.getFirst()).isEqualTo(node.getKey() + ":/data");
      assertThat(mounts.getLast()).as("memory that outlives it").isEqualTo("/dev/shm:/dev/shm");
      assertThat(volumes).contains(node.getKey());
    }
  }

  @Test
  @DisplayName("settings exist, all three servers are external, and no secret is written down")
  void settingsExist() throws IOException {
    var names = Arrays.stream(Setting.values()).map(Setting::name).toList();
    var settings = map(compose().get("x-settings"));
    assertThat(names).containsAll(settings.keySet());
    assertThat(settings).containsKeys("CLICKTIDE_KAFKA", "CLICKTIDE_REDIS", "CLICKTIDE_POSTGRES");
    for (var entry : settings.entrySet()) {
      if (entry.getKey().matches(".*(KEY|REDIS|POSTGRES)")) {
        assertThat(entry.getValue().toString()).contains("${");
      }
    }
    assertThat(services().get("timescaledb").toString()).contains("timescale/timescaledb:");
  }

  @Test
  @DisplayName("A4, O1: alerts say what they mean, and one is about more than 0.1 % of shed clicks")
  void alerts() throws IOException {
    var rules = Monitoring.rules();
    assertThat(rules).extracting(Monitoring.Rule::alert).doesNotHaveDuplicates();
    for (var rule : rules) {
      assertThat(rule.annotations()).as(rule.alert()).containsOnlyKeys("summary", "description");
    }
    assertThat(rules)
        .anyMatch(
            rule ->
                rule.expression().contains("clicks_dropped_total")
                    && rule.expression().contains("0.001 * sum(rate(redirects_total"));
    for (var file : List.of("prometheus.yaml", "alerts.yaml", "grafana/dashboards")) {
      assertThat(DOCKER.resolve(file)).exists();
      assertThat(services().toString()).contains("./" + file + ":");
    }
  }
}
