package clicktide.http;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An endpoint whose calls stay under way until the test ends them. For any thread. */
final class SlowEndpoint implements Api.Endpoint {
  private final Semaphore entered = new Semaphore(0);
  private final CountDownLatch done = new CountDownLatch(1);

  @Override
  public ApiResponse answer(ApiRequest call) {
    entered.release();
    try {
      done.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return ApiResponse.ok(Map.of("ok", true));
  }

  /** Returns true when at least this number of further calls has begun. */
  boolean hasBegun(int calls) throws InterruptedException {
    return entered.tryAcquire(calls, 20, TimeUnit.SECONDS);
  }

  /** Ends all calls, and further ones at once. */
  void end() {
    done.countDown();
  }
}
