package clicktide.settings;

import clicktide.kafka.KafkaCluster;
import clicktide.net.Network;
import clicktide.postgres.Database;
import clicktide.redis.RedisAddress;
import clicktide.store.DeploymentName;
import clicktide.store.Retention;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of a process, read once. All mistakes are reported together. */
public record Settings(
    Set<Role> roles,
    boolean demo,
    DeploymentName name,
    Path data,
    String bind,
    String apiBind,
    String managementBind,
    int port,
    int apiPort,
    int managementPort,
    URI publicUrl,
    Path journal,
    int journalMegabytes,
    int spoolMegabytes,
    Optional<KafkaCluster> kafka,
    Optional<RedisAddress> redis,
    Optional<Database> postgres,
    boolean migrate,
    Optional<String> adminKey,
    int partitions,
    int replication,
    Retention retention,
    int eventLoops,
    int idleSeconds,
    Duration drain,
    List<Network> trustedProxies,
    boolean privateDestinations,
    Optional<Path> geoip,
    Optional<Path> botPatterns,
    int clicksAMinute,
    int callsAMinute,
    int eventsAMinute,
    int linksPerOwner,
    Duration flush) {

  /** The usage line. */
  public static final String USAGE =
      "clicktide run [role…] [--data DIR] [--port N] [--api-port N] [--management-port N] [--demo]; roles: redirect, ingest, management, aggregation, query";

  /**
   * Reads the settings. A flag precedes its variable. Throws {@link IllegalArgumentException} with
   * every mistake.
   */
  public static Settings from(Map<String, String> environment, List<String> arguments) {
    var reader = new SettingsReader(KubernetesVariables.removed(environment));
    reader.arguments(arguments);
    var settings = reader.settings();
    if (!reader.mistakes().isEmpty()) {
      throw new IllegalArgumentException("wrong settings: " + reader.mistakes());
    }
    return settings;
  }

  /** Returns true if this process has events of redirects or collectors to forward to Kafka. */
  public boolean forwards() {
    return roles.contains(Role.REDIRECT) || roles.contains(Role.INGEST);
  }

  /** Returns true if a role of this process uses Kafka. */
  public boolean needsKafka() {
    return roles.stream().anyMatch(Role::needsKafka);
  }

  /** Returns true if a role of this process needs Redis, an embedded one if none is named. */
  public boolean needsRedis() {
    return roles.stream().anyMatch(Role::needsRedis);
  }

  /** Returns true if this process has calls to limit, and so uses a Redis that is named. */
  public boolean usesRedis() {
    return needsRedis() || roles.contains(Role.INGEST) || roles.contains(Role.MANAGEMENT);
  }

  /** Returns a text without secrets. */
  @Override
  public String toString() {
    return "Settings[roles=%s, data=%s, port=%d, apiPort=%d]".formatted(roles, data, port, apiPort);
  }
}
