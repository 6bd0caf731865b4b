package clicktide.store;

import clicktide.enrich.EnrichedClick;
import clicktide.event.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** A sink in memory. Writers of one {@link Books} share what it keeps, like processes a store. */
public final class MemorySink implements Sink {
  private final Books books;

  /** What is kept: fences, ids and visits. */
  public static final class Books {
    private final Map<Integer, Position> fences = new HashMap<>();
    private final List<EnrichedClick> visits = new ArrayList<>();
    private final Set<Identity.Collected> ids = new HashSet<>();
    private int failures;

    /** The next writes fail before they change anything. */
    public synchronized void failNext(int times) {
      failures = times;
    }

    public synchronized List<EnrichedClick> visits() {
      return List.copyOf(visits);
    }

    public synchronized Optional<Position> fence(int partition) {
      return Optional.ofNullable(fences.get(partition));
    }
  }

  public MemorySink(Books books) {
    this.books = books;
  }

  @Override
  public String name() {
    return "memory" + System.identityHashCode(books);
  }

  @Override
  public Optional<Duration> memory() {
    return Optional.empty();
  }

  @Override
  public Position takeOver(String topicId, int partition, LongSupplier beginning) {
    synchronized (books) {
      var old = books.fences.get(partition);
      var next = old == null ? beginning.getAsLong() : old.next();
      var epoch = old == null ? 1 : old.token().epoch() + 1;
      var progress = old == null ? "" : old.state();
      Map<Long, String> ended = old == null ? Map.of() : old.ended();
      var position = new Position(new Batch.FencingToken("memory", epoch), next, progress, ended);
      books.fences.put(partition, position);
      return position;
    }
  }

  @Override
  public void apply(String topicId, List<Batch> batches) {
    synchronized (books) {
      if (books.failures-- > 0) {
        throw new IllegalStateException("a failure on purpose");
      }
      for (var batch : batches) {
        var expected = books.fences.get(batch.partition());
        if (!expected.token().equals(batch.token()) || expected.next() != batch.from()) {
          throw new BatchRefused("not expected");
        }
      }
      for (var batch : batches) {
        var before = books.fences.get(batch.partition());
        books.fences.put(batch.partition(), after(before, batch));
        for (var visit : batch.counted().toList()) {
          switch (visit.click().identity()) {
            case Identity.Own _ -> books.visits.add(visit); // repeats were left out before
            case Identity.Collected id -> {
              if (books.ids.add(id)) {
                books.visits.add(visit);
              }
            }
          }
        }
      }
    }
  }

  /** The position that a store keeps after a batch. */
  public static Position after(Position before, Batch batch) {
    var reached = batch.reached();
    var ended = new HashMap<>(before.ended());
    ended.putAll(reached.ended().states());
    ended.keySet().removeAll(reached.ended().forgotten());
    return new Position(batch.token(), batch.to(), reached.state(), ended);
  }

  @Override
  public void close() {}
}
