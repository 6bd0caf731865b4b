package clicktide.aggregation.kafka;

import clicktide.store.Unavailable;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * The reason of a failure of a follower or the pass. A failure of a store has a sentence. A defect
 * has a stack trace as well.
 */
record FollowerFailure(String reason, Optional<Throwable> defect) {
  private static final String FAILED = "The {} failed and starts again: {}";

  /** Finds the cause of a failure. In a rebalance, Kafka wraps the failure of the sink. */
  static FollowerFailure of(RuntimeException failure) {
    var isWrapped = failure instanceof KafkaException && failure.getCause() != null;
    var thrown = isWrapped ? failure.getCause() : failure;
    return switch (thrown) {
      case Unavailable _ -> store(thrown.getMessage());
      case KafkaException _ -> store(thrown.toString());
      case Throwable e when e.getCause() instanceof SQLException sql ->
          store("%s: %s".formatted(e.getMessage(), sql.getMessage()));
      default -> new FollowerFailure(String.valueOf(thrown.getMessage()), Optional.of(thrown));
    };
  }

  /** Logs what failed and why. */
  void log(String subject) {
    defect.ifPresentOrElse(
        thrown -> LogFollower.log.error(FAILED, subject, reason, thrown),
        () -> LogFollower.log.warn(FAILED, subject, reason));
  }

  private static FollowerFailure store(String reason) {
    return new FollowerFailure(reason.lines().findFirst().orElse(""), Optional.empty());
  }
}
