package clicktide.settings;

import clicktide.net.Network;
import clicktide.store.Retention;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** A reader of settings from the environment and from flags, which collects every mistake. */
final class SettingsReader {
  private static final Map<String, Setting> FLAGS =
      Map.of(
          "--data", Setting.CLICKTIDE_DATA,
          "--port", Setting.CLICKTIDE_PORT,
          "--api-port", Setting.CLICKTIDE_API_PORT,
          "--management-port", Setting.CLICKTIDE_MANAGEMENT_PORT);

  private final Map<String, String> given;
  private final List<String> mistakes = new ArrayList<>();
  private final Set<Role> roles = EnumSet.noneOf(Role.class);
  private boolean demo;

  SettingsReader(Map<String, String> environment) {
    given = new HashMap<>(environment);
    environment.keySet().stream()
        .filter(name -> name.startsWith("CLICKTIDE_"))
        .filter(name -> !name.startsWith("CLICKTIDE_TEST_")) // a product that a test started
        .filter(name -> Arrays.stream(Setting.values()).noneMatch(s -> s.name().equals(name)))
        .forEach(name -> mistakes.add(name + " is not a setting"));
  }

  List<String> mistakes() {
    return mistakes;
  }

  void arguments(List<String> arguments) {
    var rest = new ArrayDeque<>(arguments);
    while (!rest.isEmpty()) {
      var argument = rest.poll();
      var flag = FLAGS.get(argument);
      if (flag != null) {
        given.put(flag.name(), rest.isEmpty() ? "" : rest.poll());
      } else if (argument.equals("--demo")) {
        demo = true;
      } else if (!role(argument)) {
        mistakes.add(argument + " is neither a role nor a flag");
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
    if (ports.stream().map(this::text).distinct().count() < ports.size()) {
      mistakes.add("the three ports must differ");
    }
  }

  Settings settings() {
    requireThreePorts();
    var port = number(Setting.CLICKTIDE_PORT, 1, 65_535);
    return new Settings(
        roles.isEmpty() ? EnumSet.allOf(Role.class) : roles,
        demo,
        Path.of(text(Setting.CLICKTIDE_DATA)).toAbsolutePath().normalize(),
        text(Setting.CLICKTIDE_BIND),
        port,
        number(Setting.CLICKTIDE_API_PORT, 1, 65_535),
        number(Setting.CLICKTIDE_MANAGEMENT_PORT, 1, 65_535),
        uri(Setting.CLICKTIDE_PUBLIC_URL, "http", "https")
            .orElse(URI.create("http://localhost:" + port)),
        Path.of(text(Setting.CLICKTIDE_JOURNAL)).toAbsolutePath().normalize(),
        number(Setting.CLICKTIDE_JOURNAL_MEGABYTES, 1, 4_096),
        number(Setting.CLICKTIDE_SPOOL_MEGABYTES, 1, 1 << 20),
        optional(Setting.CLICKTIDE_KAFKA, Function.identity(), text -> text.contains(":")),
        uri(Setting.CLICKTIDE_REDIS, "redis", "rediss"),
        postgres(),
        optional(Setting.CLICKTIDE_ADMIN_KEY, Function.identity(), key -> key.length() >= 32),
        number(Setting.CLICKTIDE_PARTITIONS, 1, 1_024),
        number(Setting.CLICKTIDE_REPLICATION, 1, 16),
        new Retention(
            Duration.ofDays(number(Setting.CLICKTIDE_KEEP_EVENTS_DAYS, 1, 3_650)),
            Duration.ofDays(number(Setting.CLICKTIDE_KEEP_COUNTS_DAYS, 32, 36_500))),
        eventLoops(),
        number(Setting.CLICKTIDE_IDLE_TIMEOUT, 2, 3_600),
        networks(),
        choice(Setting.CLICKTIDE_PRIVATE_DESTINATIONS, "refuse", "allow").equals("allow"),
        optional(Setting.CLICKTIDE_GEOIP, Path::of, Files::isReadable),
        optional(Setting.CLICKTIDE_BOT_PATTERNS, Path::of, Files::isReadable),
        number(Setting.CLICKTIDE_CLICKS_A_MINUTE, 0, 1_000_000),
        number(Setting.CLICKTIDE_CALLS_A_MINUTE, 0, 1_000_000_000),
        number(Setting.CLICKTIDE_EVENTS_A_MINUTE, 0, 1_000_000_000),
        number(Setting.CLICKTIDE_LINKS_PER_OWNER, 0, 1_000_000_000),
        Duration.ofMillis(number(Setting.CLICKTIDE_FLUSH_MILLIS, 50, 60_000)));
  }

  private String text(Setting setting) {
    var value = given.getOrDefault(setting.name(), "");
    return value.isBlank() ? setting.otherwise() : value.strip();
  }

  private int number(Setting setting, int min, int max) {
    try {
      var number = Integer.parseInt(text(setting));
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException _) {
      // reported like a number out of range
    }
    reject(setting);
    return min;
  }

  private int eventLoops() {
    var loops = number(Setting.CLICKTIDE_EVENT_LOOPS, 0, 256);
    return loops == 0 ? Runtime.getRuntime().availableProcessors() : loops;
  }

  private String choice(Setting setting, String... choices) {
    var value = text(setting);
    if (!List.of(choices).contains(value)) {
      reject(setting);
    }
    return value;
  }

  private <T> Optional<T> optional(
      Setting setting, Function<String, T> make, Predicate<T> isValid) {
    var value = text(setting);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      var made = make.apply(value);
      if (isValid.test(made)) {
        return Optional.of(made);
      }
    } catch (IllegalArgumentException _) {
      // reported like a value that breaks a rule
    }
    reject(setting);
    return Optional.empty();
  }

  private Optional<URI> uri(Setting setting, String... schemes) {
    return optional(
        setting,
        URI::create,
        uri -> List.of(schemes).contains(uri.getScheme()) && uri.getHost() != null);
  }

  private Optional<URI> postgres() {
    var uri = uri(Setting.CLICKTIDE_POSTGRES, "postgresql", "postgres");
    if (uri.filter(found -> found.getRawQuery() != null).isPresent()) {
      reject(Setting.CLICKTIDE_POSTGRES);
    }
    return uri;
  }

  private List<Network> networks() {
    var value = text(Setting.CLICKTIDE_TRUSTED_PROXIES);
    if (value.isEmpty()) {
      return List.of();
    }
    var parts = value.split(",");
    var networks =
        Arrays.stream(parts).flatMap(part -> Network.parse(part.strip()).stream()).toList();
    if (networks.size() < parts.length) {
      reject(Setting.CLICKTIDE_TRUSTED_PROXIES);
    }
    return networks;
  }

  /** Notes a mistake. The value of a setting that may contain a password is left out. */
  private void reject(Setting setting) {
    var isSecret =
        EnumSet.of(Setting.CLICKTIDE_ADMIN_KEY, Setting.CLICKTIDE_REDIS, Setting.CLICKTIDE_POSTGRES)
            .contains(setting);
    mistakes.add(isSecret ? setting + " is not valid" : setting + "=" + text(setting));
  }
}
