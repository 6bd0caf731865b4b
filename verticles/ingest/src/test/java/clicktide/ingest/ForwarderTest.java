package clicktide.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import clicktide.buffer.Journal;
import clicktide.buffer.NodeStart;
import clicktide.buffer.Outbox;
import clicktide.buffer.Spool;
import clicktide.bus.ByReference;
import clicktide.count.TestClicks;
import clicktide.event.Identity;
import clicktide.store.EventLog;
import clicktide.time.ManualTime;
import clicktide.wire.EncodedEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A4: forwarding clicks from a journal to the log")
@ExtendWith(VertxExtension.class)
@Timeout(30)
class ForwarderTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");

  @TempDir Path folder;
  private final ManualTime time = new ManualTime(AT);
  private final UnreliableLog log = new UnreliableLog();
  private final CircuitBreaker breaker = new CircuitBreaker();
  private Journal journal;
  private Spool spool;
  private Forwarder forwarder;

  /** A log that fails while it is unavailable, and keeps all clicks otherwise. */
  private static final class UnreliableLog implements EventLog {
    private final ConcurrentLinkedQueue<EncodedEvent> kept = new ConcurrentLinkedQueue<>();
    private volatile boolean isUnavailable;
    private volatile Runnable onTick = () -> {};

    @Override
    public Future<Void> append(List<EncodedEvent> clicks) {
      if (isUnavailable) {
        return Future.failedFuture("not now");
      }
      kept.addAll(clicks);
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> tick() {
      onTick.run();
      return Future.succeededFuture();
    }
  }

  @BeforeEach
  void open() throws IOException {
    journal =
        Journal.create(
            folder.resolve("0.journal"), new Journal.Lane(1, 1, 0), 1 << 16, new Random(1));
    spool = Spool.open(folder.resolve("spool"), 10_000, time);
    forwarder = new Forwarder(0, journal, log, spool, breaker);
    forwarder.start();
  }

  @AfterEach
  void close() {
    forwarder.close();
  }

  private void fill(int clicks) {
    for (var i = 0; i < clicks; i++) {
      journal.append(sequence -> TestClicks.click(new Identity.Own(1, 1, 0, sequence), 1, AT));
    }
    forwarder.wakeUp();
  }

  private void awaitEmptyJournal() {
    await("the journal is empty").until(() -> journal.oldest().isEmpty());
  }

  @Test
  @DisplayName("clicks go to the log")
  void clicksGoToTheLog() {
    fill(10);
    awaitEmptyJournal();

    assertThat(log.kept).hasSize(10);
    assertThat(spool.isEmpty()).isTrue();
  }

  @Test
  @DisplayName("while the log is unavailable, clicks go to the spool, and from there to the log")
  void whileTheLogIsUnavailable() {
    log.isUnavailable = true;
    fill(10);
    awaitEmptyJournal();
    assertThat(breaker.allowsCalls()).isFalse();
    assertThat(spool.clicks()).isEqualTo(10);

    log.isUnavailable = false;
    breaker.reset();
    var drainer = new SpoolDrainer(log, spool, breaker, time);
    drainer.start();
    await("the spool is empty").until(spool::isEmpty);
    drainer.close();

    assertThat(log.kept).hasSize(10);
  }

  @Test
  @DisplayName("when the spool is full, clicks stay in the journal until the log is available")
  void whenTheSpoolIsFull() {
    log.isUnavailable = true;
    fill(200);
    await("the breaker has tripped").until(() -> !breaker.allowsCalls());
    assertThat(spool.isEmpty()).isTrue();
    assertThat(journal.oldest()).contains(AT);

    log.isUnavailable = false;
    breaker.reset();
    awaitEmptyJournal();
    assertThat(log.kept).hasSize(200);
  }

  @Test
  @DisplayName("closing forwards the rest of the journal")
  void closingForwardsTheRest() {
    fill(10);
    forwarder.close();

    assertThat(log.kept).hasSize(10);
    assertThat(journal.oldest()).isEmpty();
  }

  @Test
  @DisplayName("the last heartbeat of a node says that it leaves")
  void theLastHeartbeatSaysThatANodeLeaves(Vertx vertx) throws IOException {
    ByReference.register(vertx);
    var outbox =
        Outbox.open(
            new Outbox.Folders(folder.resolve("memory"), folder.resolve("disk")),
            spool,
            new NodeStart(1, 1, List.of()),
            1,
            1 << 16,
            new Random(1));
    var said = new ConcurrentLinkedQueue<Boolean>();
    log.onTick = () -> said.add(outbox.report(AT).leaving());

    var id = vertx.deployVerticle(new ForwardingVerticle(log, outbox, time)).await();
    vertx.undeploy(id).await();

    assertThat(said).last().isEqualTo(true);
    assertThat(said).first().isEqualTo(false);
  }
}
