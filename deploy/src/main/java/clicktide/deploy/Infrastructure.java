package clicktide.deploy;

import clicktide.embedded.EmbeddedServers;
import clicktide.embedded.EmbeddedServers.Kind;
import clicktide.kafka.KafkaCluster;
import clicktide.postgres.Database;
import clicktide.redis.RedisAddress;
import clicktide.settings.Settings;
import java.net.URI;
import java.util.EnumSet;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of the stores that the roles need: servers that the settings name, and embedded
 * ones for the rest. Embedded ones have to be closed.
 */
record Infrastructure(
    Optional<KafkaCluster> kafka,
    Optional<RedisAddress> redis,
    Database postgres,
    Optional<AutoCloseable> embedded) {
  private static final Logger log = LoggerFactory.getLogger(Infrastructure.class);

  /** Starts the embedded servers that are needed; blocks for seconds. */
  static Infrastructure start(Settings settings) {
    var missing = EnumSet.noneOf(Kind.class);
    if (settings.kafka().isEmpty() && settings.needsKafka()) {
      missing.add(Kind.KAFKA);
    }
    if (settings.redis().isEmpty() && settings.needsRedis()) {
      missing.add(Kind.REDIS);
    }
    if (settings.postgres().isEmpty()) {
      missing.add(Kind.POSTGRES);
    }
    if (missing.isEmpty()) { // the embedded module may be absent
      return new Infrastructure(
          settings.kafka().filter(_ -> settings.needsKafka()),
          settings.redis().filter(_ -> settings.usesRedis()),
          settings.postgres().orElseThrow(),
          Optional.empty());
    }
    log.info("Starting embedded servers: {}", missing);
    var servers = EmbeddedServers.start(settings.data(), missing);
    var endpoints = servers.endpoints();
    return new Infrastructure(
        settings
            .kafka()
            .or(() -> Optional.of(new KafkaCluster(endpoints.kafka())))
            .filter(_ -> settings.needsKafka()),
        settings
            .redis()
            .filter(_ -> settings.usesRedis())
            .or(
                () -> // without an embedded Redis there is no address
                Optional.of(settings)
                        .filter(Settings::needsRedis)
                        .map(_ -> URI.create(endpoints.redis()))
                        .map(uri -> new RedisAddress(uri, Optional.empty()))),
        settings.postgres().orElseGet(() -> Database.at(URI.create(endpoints.postgres()))),
        Optional.of(servers));
  }
}
