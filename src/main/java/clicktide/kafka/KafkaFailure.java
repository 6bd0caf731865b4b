package clicktide.kafka;

import clicktide.store.AccessRefused;
import clicktide.store.Unavailable;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;

/** The translation of failures of Kafka's clients at the start into sentences for the operator. */
final class KafkaFailure {
  private KafkaFailure() {}

  static RuntimeException of(KafkaCluster kafka, Throwable failure) {
    return switch (failure) {
      case AuthenticationException refused -> refused(refused);
      case AuthorizationException refused -> refused(refused);
      case RetriableException _ -> unavailable(kafka);
      case InvalidReplicationFactorException _ -> // the other brokers may be starting
          new Unavailable("Kafka has fewer brokers than CLICKTIDE_REPLICATION asks for");
      case ApiException other ->
          new IllegalStateException("Kafka refuses a request: " + other.getMessage(), other);
      case RuntimeException e when e.getCause() instanceof ConfigException -> unavailable(kafka);
      case RuntimeException other -> other;
      default -> new IllegalStateException("Kafka failed", failure);
    };
  }

  /** Returns the failure of an unavailable cluster, also of one whose name is not known yet. */
  static Unavailable unavailable(KafkaCluster kafka) {
    return new Unavailable("Kafka does not answer at " + kafka.addresses());
  }

  private static AccessRefused refused(RuntimeException failure) {
    return new AccessRefused(
        "Kafka refuses the login or a permission: " + failure.getMessage(), failure);
  }
}
