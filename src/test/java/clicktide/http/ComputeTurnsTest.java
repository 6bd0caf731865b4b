package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.event.OwnerId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("E12: turns of calls that need the processor for long")
@Timeout(30)
class ComputeTurnsTest {
  private static final OwnerId ADA = new OwnerId(1);
  private static final OwnerId EVE = new OwnerId(2);

  private final Vertx vertx = Vertx.vertx();
  private final ComputeTurns turns = new ComputeTurns(vertx);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  @DisplayName("one call of an owner runs at a time, on a platform thread")
  void oneCallOfAnOwnerAtATime() {
    var running = new AtomicInteger();
    var results = new ArrayList<Future<List<Object>>>();
    for (var call = 0; call < 20; call++) {
      results.add(
          turns.submit(
              EVE,
              () -> {
                var concurrent = running.incrementAndGet();
                for (var spin = 0; spin < 10_000; spin++) {
                  Thread.onSpinWait(); // long enough for another call to begin
                }
                running.decrementAndGet();
                return List.of(concurrent, Thread.currentThread().isVirtual());
              }));
    }

    assertThat(results).allMatch(result -> result.await().equals(List.of(1, false)));
  }

  @Test
  @DisplayName("many waiting calls of one owner delay another owner by one call at most")
  void ownersAreServedInTurn() throws Exception {
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var order = new ArrayList<String>();
    var calls = new ArrayList<Future<?>>();
    calls.add(
        turns.submit(
            EVE,
            () -> {
              begun.countDown();
              end.await();
              return add(order, "eve");
            }));
    begun.await();
    for (var call = 0; call < 30; call++) {
      calls.add(turns.submit(EVE, () -> add(order, "eve")));
    }
    var other = turns.submit(ADA, () -> add(order, "ada"));
    end.countDown();
    other.await();

    assertThat(order.indexOf("ada")).isLessThanOrEqualTo(1);
    Future.all(calls).await();
    assertThat(order).hasSize(32);
  }

  private static synchronized boolean add(List<String> order, String name) {
    return order.add(name);
  }

  @Test
  @DisplayName("a call that fails ends its turn")
  void aFailureEndsTheTurn() {
    var failed =
        turns.submit(
            ADA,
            () -> {
              throw new IllegalStateException("no picture");
            });

    assertThatThrownBy(failed::await).hasMessage("no picture");
    assertThat(turns.submit(ADA, () -> 7).await()).isEqualTo(7);
  }
}
