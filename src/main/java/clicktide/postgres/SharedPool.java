package clicktide.postgres;

import clicktide.event.OwnerId;
import clicktide.store.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A pool whose connections owners share: the reads of one owner use three at a time (E12). Further
 * reads of the owner wait in order, at most 5 s, as for a connection. For any thread.
 */
public final class SharedPool {
  private static final int MAX_PER_OWNER = 3;
  private static final int MAX_WAIT_SECONDS = 5;

  private final Pool pool;
  private final Map<OwnerId, Reads> owners = new HashMap<>();

  public SharedPool(Pool pool) {
    this.pool = pool;
  }

  /** The reads of one owner. */
  private static final class Reads {
    private final Deque<Promise<Void>> waiting = new ArrayDeque<>();
    private int underWay;
  }

  /** Executes a read of an owner, which uses one connection at a time. */
  public <T> Future<T> read(OwnerId owner, Function<Pool, Future<T>> read) {
    return enter(owner)
        .compose(
            _ ->
                Future.succeededFuture(pool) // so that an exception fails the future
                    .compose(read)
                    .onComplete(_ -> leave(owner)));
  }

  private Future<Void> enter(OwnerId owner) {
    var turn = Promise.<Void>promise();
    synchronized (this) {
      var reads = owners.computeIfAbsent(owner, _ -> new Reads());
      if (reads.underWay < MAX_PER_OWNER) {
        reads.underWay++;
        return Future.succeededFuture();
      }
      reads.waiting.add(turn);
    }
    return turn.future()
        .timeout(MAX_WAIT_SECONDS, TimeUnit.SECONDS)
        .recover(_ -> Future.failedFuture(refuse(owner, turn)));
  }

  private Unavailable refuse(OwnerId owner, Promise<Void> turn) {
    var refusal = new Unavailable("The other reads of the owner take too long.");
    if (turn.tryFail(refusal)) {
      forget(owner, turn);
    } else {
      leave(owner); // the turn came in the moment in which the time was over
    }
    return refusal;
  }

  private synchronized void forget(OwnerId owner, Promise<Void> turn) {
    Optional.ofNullable(owners.get(owner)).ifPresent(reads -> reads.waiting.remove(turn));
  }

  private void leave(OwnerId owner) {
    var next = next(owner);
    while (next.isPresent() && !next.get().tryComplete()) { // its time was over
      next = next(owner);
    }
  }

  /** Takes the first waiting read; without one, a place becomes free. */
  private synchronized Optional<Promise<Void>> next(OwnerId owner) {
    var reads = owners.get(owner);
    var next = Optional.ofNullable(reads.waiting.poll());
    if (next.isEmpty() && --reads.underWay == 0) {
      owners.remove(owner);
    }
    return next;
  }
}
