package clicktide.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Settings")
class SettingsTest {
  @Test
  @DisplayName("have defaults")
  void haveDefaults() {
    var settings = Settings.from(Map.of(), List.of());

    assertThat(settings.roles()).isEqualTo(EnumSet.allOf(Role.class));
    assertThat(settings.port()).isEqualTo(8080);
    assertThat(settings.publicUrl()).hasToString("http://localhost:8080");
    assertThat(settings.kafka()).isEmpty();
    assertThat(settings.bind()).isEqualTo("127.0.0.1");
    assertThat(settings.name().prefixed("events")).isEqualTo("events");
  }

  @Test
  @DisplayName("come from the environment, and flags win")
  void comeFromTheEnvironmentAndFlagsWin() {
    var settings =
        Settings.from(
            Map.of("CLICKTIDE_PORT", "1", "CLICKTIDE_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
            List.of("redirect", "ingest", "--port", "2", "--demo"));

    assertThat(settings.port()).isEqualTo(2);
    assertThat(settings.demo()).isTrue();
    assertThat(settings.roles()).containsExactlyInAnyOrder(Role.REDIRECT, Role.INGEST);
    assertThat(settings.trustedProxies()).hasSize(2);
  }

  @Test
  @DisplayName("let a process without external servers end without a drain")
  void drain() {
    var external = Map.of("CLICKTIDE_REDIS", "redis://cache:6379");
    var chosen = Map.of("CLICKTIDE_DRAIN_SECONDS", "20");

    assertThat(Settings.from(Map.of(), List.of()).drain()).isZero();
    assertThat(Settings.from(external, List.of()).drain()).isEqualTo(Duration.ofSeconds(5));
    assertThat(Settings.from(chosen, List.of()).drain()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  @DisplayName("ignore the settings of the tests, which a product that a test starts inherits")
  void ignoreSettingsOfTests() {
    assertThat(Settings.from(Map.of("CLICKTIDE_TEST_TSC", "tsc"), List.of()))
        .isEqualTo(Settings.from(Map.of(), List.of()));
  }

  @Test
  @DisplayName("report all mistakes together, without secrets")
  void reportAllMistakesTogether() {
    var wrong =
        Map.of(
            "CLICKTIDE_PORT", "x",
            "CLICKTIDE_IDLE_TIMEOUT", "1",
            "CLICKTIDE_REDIS", "http://:secret@host",
            "CLICKTIDE_TRUSTED_PROXIES", "10.0.0.0/99",
            "CLICKTIDE_PROT", "8080");

    assertThatThrownBy(() -> Settings.from(wrong, List.of("--nonsense")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CLICKTIDE_PORT=x")
        .hasMessageContaining("CLICKTIDE_IDLE_TIMEOUT=1")
        .hasMessageContaining("CLICKTIDE_REDIS is not valid")
        .hasMessageContaining("CLICKTIDE_TRUSTED_PROXIES")
        .hasMessageContaining("CLICKTIDE_PROT is not a setting")
        .hasMessageContaining("--nonsense")
        .hasMessageNotContaining("secret");
  }

  @Test
  @DisplayName(
      "open the health checks and metrics on loopback only, unless they are told otherwise")
  void openTheHealthChecksOnLoopback() {
    var one = Settings.from(Map.of("CLICKTIDE_BIND", "0.0.0.0"), List.of());
    var all =
        Settings.from(
            Map.of(
                "CLICKTIDE_BIND", "192.0.2.1",
                "CLICKTIDE_API_BIND", "192.0.2.2",
                "CLICKTIDE_MANAGEMENT_BIND", "::1"),
            List.of());

    assertThat(List.of(one.bind(), one.apiBind(), one.managementBind()))
        .containsExactly("0.0.0.0", "0.0.0.0", "127.0.0.1");
    assertThat(List.of(all.bind(), all.apiBind(), all.managementBind()))
        .containsExactly("192.0.2.1", "192.0.2.2", "::1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLICKTIDE_BIND", "CLICKTIDE_API_BIND", "CLICKTIDE_MANAGEMENT_BIND"})
  @DisplayName("refuse an address that is not an IP address")
  void refuseAnAddress(String setting) {
    assertThatThrownBy(() -> Settings.from(Map.of(setting, "not an address"), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(setting + "=not an address");
  }

  @Test
  @DisplayName("begin the names of a deployment with its name")
  void beginNamesWithTheName() {
    var settings = Settings.from(Map.of("CLICKTIDE_NAME", "eu-1"), List.of());

    assertThat(settings.name().prefixed("events")).isEqualTo("eu-1.events");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eu.1", "EU", "-eu", "eu-", "{0}", "eu_1", "e u"})
  @DisplayName("refuse a name that a topic, a group or a key cannot begin with")
  void refuseAName(String name) {
    assertThatThrownBy(() -> Settings.from(Map.of("CLICKTIDE_NAME", name), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "CLICKTIDE_NAME must have 1 to 40 lower-case letters, digits and hyphens");
  }

  @Test
  @DisplayName("report an address without a scheme with a sentence")
  void reportAnAddressWithoutAScheme() {
    assertThatThrownBy(() -> Settings.from(Map.of("CLICKTIDE_REDIS", "nonsense"), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CLICKTIDE_REDIS is not valid: `redis://");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a:1,b:2                  | must have `master` or `cluster` with several hosts",
        "a:1?master=              | must name the master in `master`",
        "a:1?master               | must name the master in `master`",
        "a:1?cluster=yes          | must have `cluster=true` or no `cluster`",
        "a:1?cluster=true&master=m | cannot have both `master` and `cluster`",
        "a:1?mister=m             | cannot have other parameters than `master` and `cluster`",
        "a:1/2?cluster=true       | cannot have a database with `cluster`",
        "a:1/two                  | must have a number as database",
        "a:1,,b:2?master=m        | must name each host as `host` or `host:port`",
        "a:99999                  | must name each host as `host` or `host:port`",
        "a:b                      | must name each host as `host` or `host:port`",
      })
  @DisplayName("report each mistake in an address of Redis with a sentence without the password")
  void reportMistakesOfRedis(String address, String mistake) {
    var wrong = Map.of("CLICKTIDE_REDIS", "redis://me:secret@" + address);

    assertThatThrownBy(() -> Settings.from(wrong, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("wrong settings: [CLICKTIDE_REDIS %s]".formatted(mistake))
        .hasMessageNotContaining("secret");
  }

  @Test
  @DisplayName("name several sentinels with a password of its own setting")
  void nameSeveralSentinels() {
    var settings =
        Settings.from(
            Map.of(
                "CLICKTIDE_REDIS", "rediss://a:1,b/3?master=live",
                "CLICKTIDE_REDIS_PASSWORD", "a?b/c@d"),
            List.of());

    assertThat(settings.redis().orElseThrow().uri())
        .hasToString("rediss://:a%3Fb%2Fc%40d@a:1,b/3?master=live");
    assertThat(settings.redis().orElseThrow()).hasToString("RedisAddress[a:1,b]");
  }

  @Test
  @DisplayName("ignore the variables of Kubernetes services")
  void ignoreVariablesOfKubernetes() {
    var injected =
        Map.of(
            "CLICKTIDE_SERVICE_HOST", "10.96.3.4",
            "CLICKTIDE_SERVICE_PORT", "8080",
            "CLICKTIDE_SERVICE_PORT_HTTP", "8080",
            "CLICKTIDE_PORT", "tcp://10.96.3.4:8080",
            "CLICKTIDE_API_PORT", "tcp://10.96.3.5:8081",
            "CLICKTIDE_REDIRECT_PORT_8080_TCP", "tcp://10.96.3.4:8080",
            "CLICKTIDE_REDIRECT_PORT_8080_TCP_PROTO", "tcp",
            "CLICKTIDE_REDIRECT_PORT_8080_TCP_ADDR", "10.96.3.4",
            "CLICKTIDE_KAFKA_SERVICE_HOST", "10.96.3.6");

    assertThat(Settings.from(injected, List.of())).isEqualTo(Settings.from(Map.of(), List.of()));
    assertThatThrownBy(() -> Settings.from(Map.of("CLICKTIDE_X_PORT", "8080"), List.of()))
        .hasMessageContaining("CLICKTIDE_X_PORT is not a setting");
  }

  @Test
  @DisplayName("read secrets from files")
  void readSecretsFromFiles(@TempDir Path folder) throws IOException {
    var key = "k".repeat(32);
    var file = Files.writeString(folder.resolve("key"), key + "\n").toString();
    var password = Files.writeString(folder.resolve("password"), "a b/c@d:e%").toString();
    var settings =
        Settings.from(
            Map.of(
                "CLICKTIDE_ADMIN_KEY_FILE", file,
                "CLICKTIDE_REDIS", "rediss://me@host:1/3",
                "CLICKTIDE_REDIS_PASSWORD_FILE", password),
            List.of());

    assertThat(settings.adminKey()).contains(key);
    assertThat(settings.redis().orElseThrow().uri())
        .hasToString("rediss://me:a%20b%2Fc%40d%3Ae%25@host:1/3");
    assertThat(settings.redis().orElseThrow()).hasToString("RedisAddress[host:1]");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "CLICKTIDE_ADMIN_KEY_FILE=/nowhere     | CLICKTIDE_ADMIN_KEY_FILE must be a readable file",
        "CLICKTIDE_ADMIN_KEY_FILE=/dev/null    | CLICKTIDE_ADMIN_KEY_FILE must not be empty",
        "CLICKTIDE_GEOIP_FILE=/dev/null        | CLICKTIDE_GEOIP_FILE is not a setting",
        "CLICKTIDE_REDIS_CA=/dev/null          | CLICKTIDE_REDIS must begin with rediss://",
      })
  @DisplayName("of files and authorities are checked")
  void ofFilesAreChecked(String given, String mistake) {
    var setting = given.split("=", 2);

    assertThatThrownBy(() -> Settings.from(Map.of(setting[0], setting[1]), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(mistake);
  }

  @Test
  @DisplayName("have one source for a password")
  void haveOneSourceForAPassword() {
    var twice =
        Map.of(
            "CLICKTIDE_POSTGRES", "postgresql://me:first@host/db",
            "CLICKTIDE_POSTGRES_PASSWORD", "second",
            "CLICKTIDE_ADMIN_KEY", "k".repeat(32),
            "CLICKTIDE_ADMIN_KEY_FILE", "/dev/null");

    assertThatThrownBy(() -> Settings.from(twice, List.of()))
        .hasMessageContaining("CLICKTIDE_POSTGRES_PASSWORD cannot be combined with a password")
        .hasMessageContaining(
            "CLICKTIDE_ADMIN_KEY cannot be combined with CLICKTIDE_ADMIN_KEY_FILE")
        .hasMessageNotContaining("first")
        .hasMessageNotContaining("second");
  }

  @Test
  @DisplayName("make the properties of Kafka clients, with any password")
  void makeThePropertiesOfKafkaClients(@TempDir Path folder) throws IOException {
    var ca = Files.createFile(folder.resolve("ca.pem"));
    var kafka =
        Settings.from(
                Map.of(
                    "CLICKTIDE_KAFKA", "a:1,b:2",
                    "CLICKTIDE_KAFKA_SECURITY", "SASL_SSL",
                    "CLICKTIDE_KAFKA_USER", "me",
                    "CLICKTIDE_KAFKA_PASSWORD", "p\"q\\r;",
                    "CLICKTIDE_KAFKA_CA", ca.toString()),
                List.of())
            .kafka()
            .orElseThrow();

    assertThat(kafka.properties())
        .containsEntry("bootstrap.servers", "a:1,b:2")
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
        .containsEntry("ssl.truststore.location", ca.toString());
    assertThat(kafka.toString()).isEqualTo("KafkaCluster[a:1,b:2]");
    var login = new Password(kafka.properties().get("sasl.jaas.config"));
    var entries =
        JaasContext.loadClientContext(Map.of("sasl.jaas.config", login)).configurationEntries();
    assertThat(entries.getFirst().getOptions().get("password")).isEqualTo("p\"q\\r;");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "CLICKTIDE_KAFKA_SECURITY=SASL_SSL | CLICKTIDE_KAFKA_PASSWORD is required with SASL",
        "CLICKTIDE_KAFKA_PASSWORD=secret   | CLICKTIDE_KAFKA_SECURITY must have SASL",
        "CLICKTIDE_KAFKA_CA=/dev/null      | CLICKTIDE_KAFKA_SECURITY must have SSL",
        "CLICKTIDE_KAFKA_SECURITY=SSL      | CLICKTIDE_KAFKA is required",
        "CLICKTIDE_KAFKA_SECURITY=none     | CLICKTIDE_KAFKA_SECURITY=none",
      })
  @DisplayName("of Kafka agree with each other")
  void ofKafkaAgree(String given, String mistake) {
    var setting = given.split("=", 2);

    assertThatThrownBy(() -> Settings.from(Map.of(setting[0], setting[1]), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(mistake)
        .hasMessageNotContaining("secret");
  }

  @Test
  @DisplayName("are all in docs/settings.md, and nothing else is")
  void areAllDocumented() throws IOException {
    var page =
        Files.readString(Path.of(System.getProperty("clicktide.root"), "docs", "settings.md"));
    var rows =
        page.lines()
            .filter(line -> line.startsWith("| `CLICKTIDE_"))
            .filter(line -> !line.startsWith("| `CLICKTIDE_TEST_"))
            .toList();

    assertThat(rows)
        .containsExactly(
            Arrays.stream(Setting.values())
                .map(one -> "| `%s` | %s | %s |".formatted(one.name(), one.meaning(), one.range()))
                .toArray(String[]::new));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("name their default")
  void nameTheirDefault(Setting setting) {
    assertThat(setting.range())
        .matches(
            text ->
                setting.otherwise().isEmpty()
                    ? !text.contains("default")
                    : text.contains(", default `" + setting.otherwise() + "`"));
  }

  private static final Pattern RANGE = Pattern.compile("([\\d,]+) to ([\\d,]+), default");

  @ParameterizedTest
  @EnumSource
  @DisplayName("take the numbers that they say, and no others")
  void takeTheNumbersThatTheySay(Setting setting) {
    var range = RANGE.matcher(setting.range());
    if (range.find()) {
      var least = Integer.parseInt(range.group(1).replace(",", ""));
      var most = Integer.parseInt(range.group(2).replace(",", ""));

      assertThatCode(() -> settings(setting, least)).doesNotThrowAnyException();
      assertThatCode(() -> settings(setting, most)).doesNotThrowAnyException();
      assertThatThrownBy(() -> settings(setting, least - 1)).hasMessageContaining(setting.name());
      assertThatThrownBy(() -> settings(setting, most + 1)).hasMessageContaining(setting.name());
    }
  }

  private static Settings settings(Setting setting, int value) {
    return Settings.from(Map.of(setting.name(), Integer.toString(value)), List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "management query, true",
    "aggregation, true",
    "redirect, false",
    "ingest query, false"
  })
  @DisplayName("let the roles management and aggregation migrate an external PostgreSQL")
  void migration(String roles, boolean migrates) {
    var arguments = roles.isEmpty() ? List.<String>of() : List.of(roles.split(" "));
    var postgres = "postgresql://ct:secret@db/ct";

    assertThat(Settings.from(Map.of("CLICKTIDE_POSTGRES", postgres), arguments).migrate())
        .isEqualTo(migrates);
    for (var set : List.of(true, false)) {
      var environment =
          Map.of("CLICKTIDE_POSTGRES", postgres, "CLICKTIDE_MIGRATE", Boolean.toString(set));
      assertThat(Settings.from(environment, arguments).migrate()).isEqualTo(set);
    }
    assertThat(Settings.from(Map.of(), arguments).migrate()).as("embedded").isTrue();
  }

  @Test
  @DisplayName("refuse an embedded PostgreSQL that nothing migrates")
  void embeddedIsMigrated() {
    assertThatThrownBy(() -> Settings.from(Map.of("CLICKTIDE_MIGRATE", "false"), List.of()))
        .hasMessageContaining("CLICKTIDE_MIGRATE=false requires CLICKTIDE_POSTGRES");
  }
}
