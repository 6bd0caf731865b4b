package clicktide.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A store that batches are applied to. It keeps its position in the log together with its counts.
 * Calls block. Each instance belongs to one thread.
 */
public interface Sink extends AutoCloseable {
  /** Returns the name of the consumer group and of the fences. */
  String name();

  /** Returns how far back an empty sink must read the log; empty means from its beginning. */
  Optional<Duration> memory();

  /**
   * Takes over a partition of a topic. From now on the sink refuses its former owner. A sink
   * without a fence for the partition calls {@code beginning}.
   */
  Position takeOver(String topicId, int partition, LongSupplier beginning);

  /**
   * Applies counts and new positions in one atomic change, at least per batch. Throws {@link
   * BatchRefused} for a batch that the fence does not expect, and changes nothing of it.
   */
  void apply(String topicId, List<Batch> batches);

  @Override
  void close();

  /**
   * The position from which the new owner reads, its fencing token, and the state of the former
   * owner. {@code state} is empty if there was no owner. {@code ended}: by node, the texts of nodes
   * that ended. The text of a node that {@code state} holds again is out of date.
   */
  record Position(Batch.FencingToken token, long next, String state, Map<Long, String> ended) {}

  /** The writer is no longer the owner. It resumes from the position of the sink. */
  final class BatchRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BatchRefused(String message) {
      super(message);
    }
  }
}
