package clicktide.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A store that counts what it is given and keeps its position in the log with the counts. Calls
 * block; each instance belongs to one thread.
 */
public interface Sink extends AutoCloseable {
  /** Names the consumer group and the fences. */
  String name();

  /** How far back an empty sink has to read the log; empty: from its beginning. */
  Optional<Duration> memory();

  /**
   * Takes a partition of a topic over: whoever owned it before is refused from now on. Only a sink
   * without a fence for it asks where to begin.
   */
  Position takeOver(String topicId, int partition, LongSupplier beginning);

  /**
   * Keeps the counts and the new positions together, or neither, for each batch at least by itself.
   * A batch that the fence does not expect is refused: {@link Refused}, and nothing of it changes.
   */
  void apply(String topicId, List<Batch> batches);

  @Override
  void close();

  /**
   * Where the sink wants to go on, with which right, and what the former owner knew; {@code
   * progress} is empty if there was none.
   */
  record Position(Batch.FencingToken token, long next, String progress) {}

  /** The writer is not the owner any more or has lost its place; it starts where the sink says. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Refused(String message) {
      super(message);
    }
  }
}
