package clicktide.settings;

import clicktide.kafka.KafkaCluster;
import clicktide.kafka.KafkaCluster.KafkaLogin;
import clicktide.postgres.Database;
import clicktide.redis.RedisAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/** The settings of external servers: addresses, encryption and logins. */
final class ServerSettings {
  private final SettingValues values;

  ServerSettings(SettingValues values) {
    this.values = values;
  }

  Optional<KafkaCluster> kafka() {
    var addresses = values.optional(Setting.CLICKTIDE_KAFKA, text -> text.contains(":"));
    var protocol =
        values.choice(
            Setting.CLICKTIDE_KAFKA_SECURITY, "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
    var mechanism =
        values.choice(
            Setting.CLICKTIDE_KAFKA_SASL_MECHANISM, "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");
    var user = values.text(Setting.CLICKTIDE_KAFKA_USER);
    var password = values.text(Setting.CLICKTIDE_KAFKA_PASSWORD);
    var ca = values.optional(Setting.CLICKTIDE_KAFKA_CA, Path::of, Files::isReadable);
    var hasLogin = protocol.startsWith("SASL_");
    for (var setting : List.of(Setting.CLICKTIDE_KAFKA_USER, Setting.CLICKTIDE_KAFKA_PASSWORD)) {
      if (hasLogin && values.text(setting).isEmpty()) {
        values.reject("%s is required with SASL".formatted(setting));
      } else if (!hasLogin && !values.text(setting).isEmpty()) {
        values.reject("CLICKTIDE_KAFKA_SECURITY must have SASL with %s".formatted(setting));
      }
    }
    if (ca.isPresent() && !protocol.endsWith("SSL")) {
      values.reject("CLICKTIDE_KAFKA_SECURITY must have SSL with CLICKTIDE_KAFKA_CA");
    }
    if (addresses.isEmpty() && !protocol.equals("PLAINTEXT")) {
      values.reject("CLICKTIDE_KAFKA is required with CLICKTIDE_KAFKA_SECURITY");
    }
    var login =
        hasLogin
            ? Optional.of(new KafkaLogin(mechanism, user, password))
            : Optional.<KafkaLogin>empty();
    return addresses.map(found -> KafkaCluster.at(found, protocol, login, ca));
  }

  Optional<RedisAddress> redis() {
    var ca = values.optional(Setting.CLICKTIDE_REDIS_CA, Path::of, Files::isReadable);
    var address =
        values
            .optional(Setting.CLICKTIDE_REDIS, URI::create, ServerSettings::isRedis)
            .map(
                uri -> withPassword(uri, Setting.CLICKTIDE_REDIS, Setting.CLICKTIDE_REDIS_PASSWORD))
            .flatMap(uri -> redisAt(uri, ca));
    if (ca.isPresent() && !values.text(Setting.CLICKTIDE_REDIS).startsWith("rediss:")) {
      values.reject("CLICKTIDE_REDIS must begin with rediss:// with CLICKTIDE_REDIS_CA");
    }
    return address;
  }

  private static boolean isRedis(URI uri) {
    return List.of("redis", "rediss").contains(String.valueOf(uri.getScheme()))
        && uri.getRawAuthority() != null;
  }

  private Optional<RedisAddress> redisAt(URI uri, Optional<Path> ca) {
    try {
      return Optional.of(new RedisAddress(uri, ca));
    } catch (IllegalArgumentException mistake) {
      values.reject("%s %s".formatted(Setting.CLICKTIDE_REDIS, mistake.getMessage()));
      return Optional.empty();
    }
  }

  Optional<Database> postgres() {
    return values
        .optional(Setting.CLICKTIDE_POSTGRES, URI::create, ServerSettings::isPostgres)
        .map(
            uri ->
                withPassword(uri, Setting.CLICKTIDE_POSTGRES, Setting.CLICKTIDE_POSTGRES_PASSWORD))
        .map(Database::at);
  }

  private static boolean isPostgres(URI uri) {
    Database.at(uri); // throws
    return List.of("postgresql", "postgres").contains(String.valueOf(uri.getScheme()));
  }

  /** Returns the address with the password of another setting, if this is set. */
  private URI withPassword(URI uri, Setting address, Setting secret) {
    var password = values.text(secret);
    if (password.isEmpty()) {
      return uri;
    }
    var authority = uri.getRawAuthority();
    var at = authority.lastIndexOf('@');
    var user = authority.substring(0, Math.max(0, at));
    if (user.contains(":")) {
      values.reject("%s cannot be combined with a password in %s".formatted(secret, address));
      return uri;
    }
    var login =
        user + ":" + URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
    return URI.create(
        uri.toString()
            .replaceFirst(
                "//[^/?]*",
                Matcher.quoteReplacement("//" + login + "@" + authority.substring(at + 1))));
  }
}
