package clicktide.query;

import clicktide.store.Freshness;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The choice between the live counts and the rollups, made for each answer anew (G8). */
final class LiveOrRollup {
  private static final Logger log = LoggerFactory.getLogger(LiveOrRollup.class);

  private LiveOrRollup() {}

  /**
   * Reads the live counts and answers from them. The rollups answer if the live counts are
   * unavailable or older, as they are after Redis was emptied. {@code live} may wait and may throw.
   */
  static <T, R> R read(
      Supplier<T> live,
      Function<T, Freshness> freshness,
      Freshness rollups,
      Function<T, R> fromLive,
      Supplier<R> fromRollups) {
    return available(live)
        .filter(counts -> !freshness.apply(counts).isBehind(rollups))
        .map(fromLive)
        .orElseGet(fromRollups);
  }

  private static <T> Optional<T> available(Supplier<T> live) {
    try {
      return Optional.of(live.get());
    } catch (RuntimeException failure) {
      log.warn("The live counts are unavailable, the rollups answer: {}", failure.toString());
      return Optional.empty();
    }
  }
}
