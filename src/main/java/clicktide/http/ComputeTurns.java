package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.store.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns of calls that need the processor for many milliseconds, such as pictures and hashes of
 * passwords. They run on platform threads, since virtual threads share their few carriers with all
 * other calls. One call of an owner runs at a time. The others wait, up to the concurrent calls of
 * an owner. For any virtual thread.
 */
public final class ComputeTurns {
  private final WorkerExecutor threads;
  private final Map<OwnerId, Future<Void>> last = new ConcurrentHashMap<>();

  /** All instances of one Vert.x share the threads, one for two processors. */
  public ComputeTurns(Vertx vertx) {
    var size = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    threads = vertx.createSharedWorkerExecutor("compute", size);
  }

  /** Runs work when it is the caller's turn, and waits for the result. */
  public <T> T run(Caller caller, Callable<T> work) {
    return Await.on(submit(caller.share(), work));
  }

  /** Runs work after the earlier work of the owner. */
  <T> Future<T> submit(OwnerId owner, Callable<T> work) {
    var end = Promise.<Void>promise();
    var before = last.put(owner, end.future());
    var turn = before == null ? Future.<Void>succeededFuture() : before;
    return turn.compose(_ -> threads.executeBlocking(work, false))
        .onComplete(
            _ -> {
              last.remove(owner, end.future());
              end.complete();
            });
  }
}
