package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import clicktide.settings.Role;
import clicktide.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

@DisplayName("O2: the Docker files, as far as they can be checked without an engine")
class DockerFilesTest {
  private static final Path ROOT = Path.of(System.getProperty("clicktide.root"));
  private static final Path DOCKER = ROOT.resolve("deploy/docker");

  private static final Path SCRIPT = DOCKER.resolve("clicktide.sh");
  private static final Path HEALTH = DOCKER.resolve("health.sh");

  @RegisterExtension static final RunningProduct product = new RunningProduct();

  @TempDir Path folder;

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
    assertThat(lines)
        .as("a container has an address of its own, so others reach its health checks")
        .anyMatch(line -> line.contains("CLICKTIDE_MANAGEMENT_BIND=0.0.0.0"));
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
    assertThat(Files.readString(SCRIPT)).contains(" " + Main.class.getName() + " ");
    var text = Files.readString(DOCKER.resolve("Dockerfile"));
    for (var script : List.of(SCRIPT, HEALTH)) {
      assertThat(text).contains("/source/deploy/docker/" + script.getFileName() + " ");
      assertThat(Files.isExecutable(script)).as("%s is executable", script).isTrue();
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
  @DisplayName("every role is a service, which Prometheus reads")
  void everyRoleIsAService() throws IOException {
    var targets = Files.readString(DOCKER.resolve("prometheus.yaml"));
    var commands = new TreeSet<String>();
    for (var service : services().entrySet()) {
      var options = map(service.getValue());
      if (options.get("image").toString().startsWith("clicktide:")) {
        commands.add(options.get("command").toString());
        assertThat(targets).contains("\"%s:8082\"".formatted(service.getKey()));
      }
    }
    assertThat(commands)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Role.values())
                .map(role -> "[run, %s]".formatted(role.name().toLowerCase(Locale.ROOT)))
                .toList());
  }

  @Test
  @DisplayName("the proxy leads every path of the API to the service of its role")
  void theProxyLeadsToTheRoles() throws IOException {
    var config = Files.readString(DOCKER.resolve("proxy.conf"));
    var rows = Pattern.compile("\"~\\^(.*)\" (\\w+);").matcher(config).results();
    var table = new ArrayList<ApiPaths.Row>();
    rows.forEach(row -> table.add(new ApiPaths.Row(row.group(1), row.group(2))));
    table.add(new ApiPaths.Row("/", "query")); // the default

    assertThat(config).contains("map $request_uri $role {", "default query;");
    ApiPaths.assertLeadToTheirRoles(table);
    assertThat(table).extracting(ApiPaths.Row::role).allMatch(services()::containsKey);
    var address = map(map(map(services().get("proxy")).get("networks")).get("default"));
    assertThat(map(compose().get("x-settings")))
        .as("the proxy is trusted")
        .containsEntry("CLICKTIDE_TRUSTED_PROXIES", address.get("ipv4_address") + "/32");
  }

  @Test
  @DisplayName("Prometheus sends its alerts to a service, whose receiver exists")
  void alertsAreSent() throws IOException {
    assertThat(Files.readString(DOCKER.resolve("prometheus.yaml")))
        .contains("\"alertmanager:9093\"");
    var config = map(new Yaml().load(Files.readString(DOCKER.resolve("alertmanager.yaml"))));
    assertThat(config.get("receivers").toString())
        .contains("name=" + map(config.get("route")).get("receiver"));
    assertThat(services()).containsKey("alertmanager");
  }

  @Test
  @DisplayName("settings exist, all three servers are external, and no secret is written down")
  void settingsExist() throws IOException {
    var names = Arrays.stream(Setting.values()).map(Setting::name).toList();
    var settings = map(compose().get("x-settings"));
    assertThat(names)
        .containsAll(
            settings.keySet().stream().map(key -> key.replaceFirst("_FILE$", "")).toList());
    assertThat(settings).containsKeys("CLICKTIDE_KAFKA", "CLICKTIDE_REDIS", "CLICKTIDE_POSTGRES");
    assertThat(settings)
        .containsKeys("CLICKTIDE_ADMIN_KEY_FILE", "CLICKTIDE_POSTGRES_PASSWORD_FILE")
        .containsKey("CLICKTIDE_REDIS_PASSWORD_FILE");
    assertThat(settings.values()).noneMatch(value -> value.toString().matches(".*:[^/@]*@.*"));
    assertThat(services().get("timescaledb").toString()).contains("timescale/timescaledb:");
  }

  @Test
  @DisplayName(
      "secrets are files, in no command and no variable, and neither in git nor in an image")
  void secretsAreFiles() throws IOException {
    var text = Files.readString(DOCKER.resolve("compose.yaml"));
    assertThat(text.replace("$$", "")).doesNotContain("${");
    var secrets = map(compose().get("secrets"));
    assertThat(secrets).isNotEmpty();
    for (var secret : secrets.entrySet()) {
      assertThat(map(secret.getValue())).containsEntry("file", "./secrets/" + secret.getKey());
    }
    for (var ignored : List.of(".gitignore", "deploy/docker/Dockerfile.dockerignore")) {
      assertThat(Files.readAllLines(ROOT.resolve(ignored))).contains("deploy/docker/secrets");
    }
    for (var service : services().entrySet()) {
      map(map(service.getValue()).getOrDefault("environment", Map.of()))
          .forEach(
              (name, value) -> {
                if (name.matches(".*(PASSWORD|KEY)(_?_FILE)?")) {
                  assertThat(value.toString()).as(name).startsWith("/run/secrets/");
                }
              });
    }
  }

  @Test
  @DisplayName("every service has as few rights, as little memory and as short logs as it needs")
  void everyServiceIsConfined() throws IOException {
    for (var service : services().entrySet()) {
      var options = map(service.getValue());
      assertThat(options)
          .as(service.getKey())
          .containsEntry("read_only", true)
          .containsEntry("cap_drop", List.of("ALL"))
          .containsEntry("security_opt", List.of("no-new-privileges:true"))
          .containsKeys("mem_limit", "cpus", "pids_limit", "ulimits");
      assertThat(map(map(options.get("logging")).get("options")))
          .containsKeys("max-size", "max-file");
    }
  }

  @Test
  @DisplayName("only links and the API listen on public addresses")
  void onlyLinksAndTheApiArePublic() throws IOException {
    for (var service : services().values()) {
      var ports = (List<?>) map(service).getOrDefault("ports", List.of());
      assertThat(ports)
          .allMatch(port -> port.toString().matches("127\\.0\\.0\\.1:\\d+:\\d+|80[89]\\d:808[01]"));
    }
  }

  @Test
  @DisplayName("the image runs the commands with the operator's options of the JVM")
  void theImageRunsTheCommands() throws Exception {
    var java = folder.resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    var builder = new ProcessBuilder(SCRIPT.toString(), "dead-letters", "list");
    builder.environment().put("PATH", folder + ":/usr/bin:/bin");
    builder.environment().put("CLICKTIDE_JAVA_OPTIONS", "-Xmx1g -Da=b");
    var process = builder.start();
    var arguments = process.inputReader().lines().toList();
    process.waitFor();

    assertThat(arguments)
        .containsSequence("-Xmx1g", "-Da=b", "-cp")
        .endsWith(Main.class.getName(), "dead-letters", "list");
  }

  @Test
  @DisplayName("the health check of the image needs no JVM and notices what does not answer")
  void theHealthCheck() throws Exception {
    eventually("the product is ready").until(() -> health(product.here.managementPort) == 0);

    assertThat(health(product.here.port)).as("404 of the link port").isNotZero();
    assertThat(health(TestServers.freePort())).as("no server").isNotZero();
  }

  private static int health(int port) throws Exception {
    var builder = new ProcessBuilder(HEALTH.toString());
    builder.environment().put("CLICKTIDE_MANAGEMENT_PORT", Integer.toString(port));
    return builder.start().waitFor();
  }

  @Test
  @DisplayName("A4, O1: alerts say what they mean, and one is about more than 0.1 % of shed clicks")
  void alerts() throws IOException {
    var rules = Monitoring.rules();
    assertThat(rules).extracting(Monitoring.Rule::alert).doesNotHaveDuplicates();
    for (var rule : rules) {
      assertThat(rule.annotations())
          .as(rule.alert())
          .containsOnlyKeys("summary", "description", "runbook");
    }
    assertThat(rules)
        .anyMatch(
            rule ->
                rule.expression().contains("clicks_dropped_total")
                    && rule.expression().contains("0.001 * sum(rate(redirects_total"));
    for (var file :
        List.of("prometheus.yaml", "alerts.yaml", "alertmanager.yaml", "grafana/dashboards")) {
      assertThat(DOCKER.resolve(file)).exists();
      assertThat(services().toString()).contains("./" + file + ":");
    }
  }
}
