package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.settings.Role;
import clicktide.settings.Setting;
import clicktide.settings.Settings;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

@DisplayName("The Helm chart: its files, and with Helm its objects")
class HelmChartTest {
  private static final Path ROOT = Path.of(System.getProperty("clicktide.root"));
  private static final Path CHART = ROOT.resolve("deploy/helm/clicktide");
  private static final Pattern VARIABLE = Pattern.compile("CLICKTIDE_[A-Z_]+[A-Z]");
  private static final Pattern PATH = Pattern.compile("\\(list \"(\\w+)\" \"([^\"]+)\"\\)");

  /** The chart sets it only for versions with the command {@code clicktide migrate}. */
  private static String text(String file) throws IOException {
    return Files.readString(CHART.resolve(file));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static Map<String, Object> values() throws IOException {
    return map(new Yaml().load(text("values.yaml")));
  }

  private static List<String> roles() {
    return Arrays.stream(Role.values()).map(role -> role.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Test
  @DisplayName("has a workload for every role, and the version of the product")
  void hasEveryRole() throws IOException {
    assertThat(map(values().get("roles")).keySet()).containsExactlyInAnyOrderElementsOf(roles());
    var chart = map(new Yaml().load(text("Chart.yaml")));
    var version = Files.readString(ROOT.resolve("pom.xml")).split("</?version>", -1)[1];
    assertThat(version).startsWith(chart.get("appVersion").toString());
    assertThat(new ObjectMapper().readTree(text("values.schema.json")).path("properties"))
        .isNotEmpty();
  }

  @Test
  @DisplayName("names settings that exist, and the ports of the settings")
  void namesSettingsThatExist() throws IOException {
    var names = new TreeSet<String>();
    var ports = new TreeSet<String>();
    try (var files = Files.walk(CHART)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var content = Files.readString(file);
        VARIABLE.matcher(content).results().forEach(found -> names.add(found.group()));
        Pattern.compile("\\b808\\d\\b")
            .matcher(content)
            .results()
            .forEach(p -> ports.add(p.group()));
      }
    }
    assertThat(names)
        .contains("CLICKTIDE_ADMIN_KEY_FILE", "CLICKTIDE_JOURNAL")
        .allSatisfy(name -> Setting.valueOf(name.replaceFirst("_FILE$", "")));
    assertThat(ports)
        .containsExactly(
            Setting.CLICKTIDE_PORT.otherwise(),
            Setting.CLICKTIDE_API_PORT.otherwise(),
            Setting.CLICKTIDE_MANAGEMENT_PORT.otherwise());
  }

  @Test
  @DisplayName("leads every path of the API to the role with its route")
  void leadsEveryPathToItsRole() throws IOException {
    var table =
        PATH.matcher(text("templates/ingress.yaml"))
            .results()
            .map(row -> new ApiPaths.Row(row.group(2), row.group(1)))
            .toList();
    assertThat(table)
        .as("longer expressions first, as controllers sort them")
        .isSortedAccordingTo((a, b) -> b.expression().length() - a.expression().length());
    ApiPaths.assertLeadToTheirRoles(table);
  }

  /** Renders the objects with Helm, or skips the test. */
  private static List<Map<String, Object>> rendered(String... values) throws Exception {
    var named = Optional.ofNullable(System.getenv("CLICKTIDE_TEST_HELM")).map(Path::of).stream();
    var path = Stream.of(System.getenv("PATH").split(":", -1)).map(one -> Path.of(one, "helm"));
    var helm = Stream.concat(named, path).filter(Files::isExecutable).findFirst();
    if (helm.isEmpty()) {
      System.out.println("SKIPPED: the objects of the Helm chart, because Helm was not found");
    }
    Assumptions.assumeTrue(helm.isPresent(), "Helm was not found");
    var command =
        new ArrayList<>(List.of(helm.get().toString(), "template", "test", CHART.toString()));
    for (var value : values) {
      command.addAll(List.of("--set", value));
    }
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return StreamSupport.stream(new Yaml().loadAll(output).spliterator(), false)
        .filter(one -> one != null)
        .map(HelmChartTest::map)
        .toList();
  }

  private static List<Map<String, Object>> of(List<Map<String, Object>> objects, String kind) {
    return objects.stream().filter(one -> one.get("kind").equals(kind)).toList();
  }

  private static Map<String, Object> at(Map<String, Object> object, String... path) {
    var found = object;
    for (var key : path) {
      found = map(found.get(key));
    }
    return found;
  }

  private static List<Map<String, Object>> workloads(List<Map<String, Object>> objects) {
    return Stream.of("StatefulSet", "Deployment").flatMap(k -> of(objects, k).stream()).toList();
  }

  @Test
  @DisplayName("has objects of every optional kind, and the names of a named deployment")
  void hasOptionalObjects() throws Exception {
    var objects =
        rendered(
            "keda.enabled=true",
            "apiIngress.enabled=true",
            "linkIngress.enabled=true",
            "serviceMonitor.enabled=true",
            "settings.CLICKTIDE_NAME=eu");
    assertThat(objects)
        .extracting(one -> one.get("kind"))
        .contains("Job", "ScaledObject", "Ingress", "ServiceMonitor", "PodDisruptionBudget")
        .contains("HorizontalPodAutoscaler", "NetworkPolicy", "ConfigMap", "ServiceAccount");
    assertThat(of(objects, "ScaledObject").toString())
        .contains("consumerGroup=eu.clicktide-rollup", "topic=eu.events");
  }

  @Test
  @DisplayName("starts processes with settings that they accept")
  void startsProcessesWithSettingsThatTheyAccept() throws Exception {
    var objects = rendered("migration.enabled=false");
    var common = map(of(objects, "ConfigMap").getFirst().get("data"));
    assertThat(workloads(objects)).hasSameSizeAs(Role.values());
    for (var workload : workloads(objects)) {
      var container =
          map(list(at(workload, "spec", "template", "spec").get("containers")).getFirst());
      var environment = new TreeMap<String, String>();
      common.forEach((name, value) -> environment.put(name, value.toString()));
      for (var one : list(container.get("env"))) {
        environment.put(map(one).get("name").toString(), map(one).get("value").toString());
      }
      assertThat(environment).containsEntry("CLICKTIDE_JOURNAL", "/journal");
      environment.keySet().removeIf(name -> name.endsWith("_FILE")); // files of the cluster
      var arguments = list(container.get("args")).stream().map(Object::toString).toList();
      assertThat(arguments.getFirst()).isEqualTo("run");

      var settings = Settings.from(environment, arguments.subList(1, arguments.size()));

      assertThat(settings.roles()).hasSize(1);
      assertThat(at(workload, "metadata").get("name")).isEqualTo("test-" + arguments.getLast());
    }
  }

  @Test
  @DisplayName("confines every pod, and probes the management port")
  void confinesEveryPod() throws Exception {
    for (var workload : workloads(rendered())) {
      var pod = at(workload, "spec", "template", "spec");
      assertThat(pod)
          .containsEntry("enableServiceLinks", false)
          .containsEntry("automountServiceAccountToken", false);
      assertThat(at(pod, "securityContext"))
          .containsEntry("runAsNonRoot", true)
          .containsEntry("runAsUser", 10001);
      assertThat(Files.readString(ROOT.resolve("deploy/docker/Dockerfile"))).contains("USER 10001");
      var container = map(list(pod.get("containers")).getFirst());
      assertThat(at(container, "securityContext"))
          .containsEntry("readOnlyRootFilesystem", true)
          .containsEntry("allowPrivilegeEscalation", false);
      assertThat(at(container, "resources")).containsKeys("requests", "limits");
      for (var probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
        assertThat(at(container, probe, "httpGet")).containsEntry("port", "management");
      }
      assertThat(list(pod.get("volumes")).toString())
          .contains("name=journal, emptyDir={medium=Memory");
    }
  }

  @Test
  @DisplayName("keeps the data folders of nodes with clicks, and selects the pods of each role")
  void keepsDataFolders() throws Exception {
    var objects = rendered();
    assertThat(of(objects, "StatefulSet"))
        .extracting(one -> at(one, "metadata").get("name"))
        .containsExactlyInAnyOrder("test-redirect", "test-ingest");
    var labels =
        workloads(objects).stream()
            .map(one -> at(one, "spec", "template", "metadata", "labels"))
            .toList();
    for (var kind : List.of("PodDisruptionBudget", "NetworkPolicy", "Service")) {
      for (var object : of(objects, kind)) {
        var spec = at(object, "spec");
        var selector =
            switch (kind) {
              case "Service" -> at(spec, "selector");
              case "NetworkPolicy" -> at(spec, "podSelector", "matchLabels");
              default -> at(spec, "selector", "matchLabels");
            };
        assertThat(labels)
            .as("%s %s", kind, at(object, "metadata").get("name"))
            .filteredOn(one -> one.entrySet().containsAll(selector.entrySet()))
            .hasSize(1);
      }
    }
  }
}
