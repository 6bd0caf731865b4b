package clicktide.settings;

import clicktide.kafka.KafkaCluster;
import clicktide.kafka.KafkaCluster.KafkaLogin;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

  Optional<URI> redis() {
    return values.uri(Setting.CLICKTIDE_REDIS, "redis", "rediss");
  }

  Optional<URI> postgres() {
    var uri = values.uri(Setting.CLICKTIDE_POSTGRES, "postgresql", "postgres");
    if (uri.filter(found -> found.getRawQuery() != null).isPresent()) {
      values.reject(Setting.CLICKTIDE_POSTGRES);
    }
    return uri;
  }
}
