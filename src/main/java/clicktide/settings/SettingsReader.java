package clicktide.settings;

import clicktide.net.Network;
import clicktide.store.DeploymentName;
import clicktide.store.Retention;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A reader of settings from the environment and from flags, which collects every mistake. */
final class SettingsReader {
  private static final Map<String, Setting> FLAGS =
      Map.of(
          "--data", Setting.CLICKTIDE_DATA,
          "--port", Setting.CLICKTIDE_PORT,
          "--api-port", Setting.CLICKTIDE_API_PORT,
          "--management-port", Setting.CLICKTIDE_MANAGEMENT_PORT);

  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final SettingValues values;
  private final Set<Role> roles = EnumSet.noneOf(Role.class);
  private boolean demo;

  SettingsReader(Map<String, String> environment) {
    values = new SettingValues(environment);
    environment.keySet().stream()
        .filter(name -> name.startsWith("CLICKTIDE_"))
        .filter(name -> !name.startsWith("CLICKTIDE_TEST_")) // a product that a test started
        .filter(name -> !SettingValues.isSetting(name))
        .forEach(name -> values.reject(name + " is not a setting"));
  }

  List<String> mistakes() {
    return values.mistakes();
  }

  void arguments(List<String> arguments) {
    var rest = new ArrayDeque<>(arguments);
    while (!rest.isEmpty()) {
      var argument = rest.poll();
      var flag = FLAGS.get(argument);
      if (flag != null) {
        values.put(flag, rest.isEmpty() ? "" : rest.poll());
      } else if (argument.equals("--demo")) {
        demo = true;
      } else if (!role(argument)) {
        values.reject(argument + " is neither a role nor a flag");
      }
    }
  }

  private boolean role(String text) {
    var found =
        Arrays.stream(Role.values())
            .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(text))
            .findFirst();
    found.ifPresent(roles::add);
    return found.isPresent();
  }

  private void requireThreePorts() {
    var ports =
        Set.of(
            Setting.CLICKTIDE_PORT, Setting.CLICKTIDE_API_PORT, Setting.CLICKTIDE_MANAGEMENT_PORT);
    if (ports.stream().map(values::text).distinct().count() < ports.size()) {
      values.reject("the three ports must differ");
    }
  }

  Settings settings() {
    requireThreePorts();
    var servers = new ServerSettings(values);
    var bind = address(Setting.CLICKTIDE_BIND).orElse("");
    var port = values.number(Setting.CLICKTIDE_PORT, 1, 65_535);
    return new Settings(
        roles.isEmpty() ? EnumSet.allOf(Role.class) : roles,
        demo,
        name(),
        Path.of(values.text(Setting.CLICKTIDE_DATA)).toAbsolutePath().normalize(),
        bind,
        address(Setting.CLICKTIDE_API_BIND).orElse(bind),
        address(Setting.CLICKTIDE_MANAGEMENT_BIND).orElse(""),
        port,
        values.number(Setting.CLICKTIDE_API_PORT, 1, 65_535),
        values.number(Setting.CLICKTIDE_MANAGEMENT_PORT, 1, 65_535),
        values
            .uri(Setting.CLICKTIDE_PUBLIC_URL, "http", "https")
            .orElse(URI.create("http://localhost:" + port)),
        Path.of(values.text(Setting.CLICKTIDE_JOURNAL)).toAbsolutePath().normalize(),
        values.number(Setting.CLICKTIDE_JOURNAL_MEGABYTES, 1, 4_096),
        values.number(Setting.CLICKTIDE_SPOOL_MEGABYTES, 1, 1 << 20),
        servers.kafka(),
        servers.redis(),
        servers.postgres(),
        migrates(),
        values.optional(Setting.CLICKTIDE_ADMIN_KEY, key -> key.length() >= 32),
        values.number(Setting.CLICKTIDE_PARTITIONS, 1, 1_024),
        values.number(Setting.CLICKTIDE_REPLICATION, 1, 16),
        new Retention(
            Duration.ofDays(values.number(Setting.CLICKTIDE_KEEP_EVENTS_DAYS, 1, 3_650)),
            Duration.ofDays(values.number(Setting.CLICKTIDE_KEEP_COUNTS_DAYS, 32, 36_500))),
        eventLoops(),
        values.number(Setting.CLICKTIDE_IDLE_TIMEOUT, 2, 3_600),
        drain(),
        networks(),
        values.choice(Setting.CLICKTIDE_PRIVATE_DESTINATIONS, "refuse", "allow").equals("allow"),
        values.optional(Setting.CLICKTIDE_GEOIP, Path::of, Files::isReadable),
        values.optional(Setting.CLICKTIDE_BOT_PATTERNS, Path::of, Files::isReadable),
        values.number(Setting.CLICKTIDE_CLICKS_A_MINUTE, 0, 1_000_000),
        values.number(Setting.CLICKTIDE_CALLS_A_MINUTE, 0, 1_000_000_000),
        values.number(Setting.CLICKTIDE_EVENTS_A_MINUTE, 0, 1_000_000_000),
        values.number(Setting.CLICKTIDE_LINKS_PER_OWNER, 0, 1_000_000_000),
        Duration.ofMillis(values.number(Setting.CLICKTIDE_FLUSH_MILLIS, 50, 60_000)));
  }

  /** A name has no dot, which separates it from what it precedes. */
  private DeploymentName name() {
    var name = values.text(Setting.CLICKTIDE_NAME);
    if (!name.matches("([a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?)?")) {
      values.reject(
          "CLICKTIDE_NAME must have %s, and begin and end with a letter or digit"
              .formatted(Setting.CLICKTIDE_NAME.range()));
    }
    return new DeploymentName(name);
  }

  private Optional<String> address(Setting setting) {
    return values.optional(setting, text -> InetAddress.ofLiteral(text) != null); // or it throws
  }

  /** An embedded PostgreSQL has no other process that could migrate it. */
  private boolean migrates() {
    var isEmbedded = values.text(Setting.CLICKTIDE_POSTGRES).isEmpty();
    if (values.text(Setting.CLICKTIDE_MIGRATE).isEmpty()) {
      return isEmbedded
          || roles.isEmpty()
          || roles.contains(Role.MANAGEMENT)
          || roles.contains(Role.AGGREGATION);
    }
    var migrates = values.choice(Setting.CLICKTIDE_MIGRATE, "true", "false").equals("true");
    if (isEmbedded && !migrates) {
      values.reject("CLICKTIDE_MIGRATE=false requires CLICKTIDE_POSTGRES");
    }
    return migrates;
  }

  private int eventLoops() {
    var loops = values.number(Setting.CLICKTIDE_EVENT_LOOPS, 0, 256);
    return loops == 0 ? Runtime.getRuntime().availableProcessors() : loops;
  }

  /** A process with embedded servers is alone, so no other one can take its requests over. */
  private Duration drain() {
    if (!values.text(Setting.CLICKTIDE_DRAIN_SECONDS).isEmpty()) {
      return Duration.ofSeconds(values.number(Setting.CLICKTIDE_DRAIN_SECONDS, 0, 300));
    }
    var isAlone =
        Stream.of(Setting.CLICKTIDE_KAFKA, Setting.CLICKTIDE_REDIS, Setting.CLICKTIDE_POSTGRES)
            .allMatch(server -> values.text(server).isEmpty());
    return isAlone ? Duration.ZERO : DRAIN;
  }

  private List<Network> networks() {
    var value = values.text(Setting.CLICKTIDE_TRUSTED_PROXIES);
    if (value.isEmpty()) {
      return List.of();
    }
    var parts = value.split(",");
    var networks =
        Arrays.stream(parts).flatMap(part -> Network.parse(part.strip()).stream()).toList();
    if (networks.size() < parts.length) {
      values.reject(Setting.CLICKTIDE_TRUSTED_PROXIES);
    }
    return networks;
  }
}
