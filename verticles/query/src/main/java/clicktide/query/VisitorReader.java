package clicktide.query;

import clicktide.count.Visitors;
import clicktide.event.OwnerId;
import clicktide.http.Problem;
import clicktide.store.Await;
import clicktide.store.Rollups;
import clicktide.store.Rollups.CountKey;
import clicktide.store.Rollups.RollupQuery;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;

/**
 * Reads visitors into sketches, in bounded memory (G18). A read ends when it has too many rows or
 * bytes, or when all reads together have too many bytes. Few reads by several dimensions are under
 * way at a time, because they read most. For threads that may wait.
 */
final class VisitorReader {
  private static final int MAX_ROWS = 100_000;
  private static final long MAX_BYTES = 64_000_000;
  private static final long MAX_BYTES_OF_ALL = 128_000_000;
  private static final int MAX_BREAKDOWNS = 2;

  private final Rollups rollups;
  private final AtomicLong bytesOfAll = new AtomicLong();
  private final Set<OwnerId> breakdowns = new HashSet<>();

  VisitorReader(Rollups rollups) {
    this.rollups = rollups;
  }

  /** Returns the problem of a query with more rows than an answer may have. */
  static Problem.Raised tooManyRows() {
    return tooLarge("The result cannot have more than 100,000 rows.");
  }

  private static Problem.Raised tooLarge(String limit) {
    return Problem.refused(
            "too_many_rows",
            limit + " Use fewer `dimensions`, a wider `bucket` or a shorter range.")
        .raised();
  }

  /** Reads the visitors of a query. */
  Map<CountKey, Visitors> read(RollupQuery query) {
    if (query.dimensions().size() < 2) {
      return sketches(query);
    }
    var owner = query.target().owner();
    enter(owner);
    try {
      return sketches(query);
    } finally {
      leave(owner);
    }
  }

  private synchronized void enter(OwnerId owner) {
    if (breakdowns.contains(owner)) {
      throw Problem.tooMany(
              "Concurrency limit exceeded: one query for visitors by several dimensions per owner.")
          .raised();
    }
    if (breakdowns.size() >= MAX_BREAKDOWNS) {
      throw overload();
    }
    breakdowns.add(owner);
  }

  private static Problem.Raised overload() {
    return Problem.unavailable("Overload: other queries for visitors are under way. Retry later.")
        .raised();
  }

  private synchronized void leave(OwnerId owner) {
    breakdowns.remove(owner);
  }

  private Map<CountKey, Visitors> sketches(RollupQuery query) {
    var sketches = new Sketches();
    try {
      Await.on(rollups.visitors(query, sketches));
      return sketches.byKey;
    } finally {
      sketches.end();
    }
  }

  /** The sketches of one read. An exception ends the stream. */
  private final class Sketches implements ObjLongConsumer<CountKey> {
    private final Map<CountKey, Visitors> byKey = new HashMap<>();
    private long bytes;
    private boolean isOver;

    @Override
    public synchronized void accept(CountKey key, long visitor) {
      if (isOver) {
        throw new IllegalStateException("The query has ended.");
      }
      var sketch = byKey.get(key);
      var before = 0;
      if (sketch == null) {
        sketch = add(key);
      } else {
        before = sketch.bytes();
      }
      sketch.add(visitor);
      reserve(sketch.bytes() - before);
    }

    private Visitors add(CountKey key) {
      if (byKey.size() >= MAX_ROWS) {
        throw tooManyRows();
      }
      reserve(QueryResult.bytes(key));
      var sketch = new Visitors();
      byKey.put(key, sketch);
      return sketch;
    }

    private void reserve(long more) {
      bytes += more;
      var all = bytesOfAll.addAndGet(more);
      if (bytes > MAX_BYTES) {
        throw tooLarge("The visitors of a result cannot use more than 64 MB.");
      }
      if (all > MAX_BYTES_OF_ALL) {
        throw overload();
      }
    }

    /** Ends a stream that is still open, and frees the bytes for other reads. */
    private synchronized void end() {
      isOver = true;
      bytesOfAll.addAndGet(-bytes);
    }
  }
}
