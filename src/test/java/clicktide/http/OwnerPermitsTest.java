package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.event.OwnerId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("E12: permits of owners")
@Timeout(30)
class OwnerPermitsTest {
  private final OwnerPermits permits = new OwnerPermits(2);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @Test
  @DisplayName("an owner has two at a time, and the waiting calls delay no other owner")
  void anOwnerHasTwo() throws Exception {
    var begun = new CountDownLatch(2);
    var end = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var call = 0; call < 20; call++) {
        threads.submit(() -> permits.run(new OwnerId(1), () -> work(begun, end)));
      }
      begun.await();

      assertThat(permits.<Integer>run(new OwnerId(2), () -> 7)).isEqualTo(7);
      end.countDown();
    }

    assertThat(most).hasValue(2);
    assertThat(running).hasValue(0);
  }

  private boolean work(CountDownLatch begun, CountDownLatch end) {
    most.accumulateAndGet(running.incrementAndGet(), Math::max);
    begun.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    running.decrementAndGet();
    return true;
  }
}
