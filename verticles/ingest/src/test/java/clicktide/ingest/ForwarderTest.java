package clicktide.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.Some;
import clicktide.event.Event;
import clicktide.event.Identity;
import clicktide.log.EventLog;
import clicktide.log.MemoryJournal;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("B3: forwarding a journal")
@Timeout(30)
class ForwarderTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");

  /** Fails the first times, then keeps what it is given. */
  private static final class ShakyLog implements EventLog {
    private final ConcurrentLinkedQueue<Event> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failures;

    private ShakyLog(int failures) {
      this.failures = new AtomicInteger(failures);
    }

    @Override
    public Future<Void> append(List<? extends Event> events) {
      if (failures.getAndDecrement() > 0) {
        return Future.failedFuture("not now");
      }
      kept.addAll(events);
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> tick() {
      return Future.succeededFuture();
    }
  }

  private static void fill(MemoryJournal journal, int clicks) {
    for (var i = 0; i < clicks; i++) {
      journal.append(sequence -> Some.click(new Identity.Own(1, 1, 0, sequence), 1, AT));
    }
  }

  @Test
  @DisplayName("clicks leave the journal only when the log has them")
  void clicksLeaveOnlyWhenTheLogHasThem() {
    var journal = new MemoryJournal(100);
    var log = new ShakyLog(1);
    fill(journal, 10);
    try (var forwarder = new Forwarder(0, journal, log)) {
      forwarder.start();
      forwarder.hint();
      while (journal.oldest().isPresent()) {
        Thread.onSpinWait();
      }
    }
    assertThat(log.kept).hasSize(10);
  }

  @Test
  @DisplayName("closing forwards what is there")
  void closingForwardsWhatIsThere() {
    var journal = new MemoryJournal(100);
    var log = new ShakyLog(0);
    var forwarder = new Forwarder(0, journal, log);
    forwarder.start();
    fill(journal, 10);
    forwarder.close();

    assertThat(log.kept).hasSize(10);
    assertThat(journal.oldest()).isEmpty();
  }
}
