package clicktide.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.buffer.Journal;
import clicktide.buffer.Outbox;
import clicktide.buffer.Spool;
import clicktide.bus.ByReference;
import clicktide.count.Some;
import clicktide.event.ClicksShed;
import clicktide.event.Identity;
import clicktide.store.EventLog;
import clicktide.wire.EncodedClick;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A4: bringing clicks from a journal into the log")
@Timeout(30)
class ForwarderTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");

  @TempDir Path folder;
  private final ShakyLog log = new ShakyLog();
  private final CircuitBreaker gate = new CircuitBreaker();
  private Journal journal;
  private Spool spool;
  private Forwarder forwarder;

  /** Fails while it is away, then keeps what it is given. */
  private static final class ShakyLog implements EventLog {
    private final ConcurrentLinkedQueue<EncodedClick> kept = new ConcurrentLinkedQueue<>();
    private volatile boolean isAway;
    private volatile Runnable onTick = () -> {};

    @Override
    public Future<Void> append(List<EncodedClick> clicks) {
      if (isAway) {
        return Future.failedFuture("not now");
      }
      kept.addAll(clicks);
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> report(List<ClicksShed> shed) {
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
    spool = Spool.open(folder.resolve("spool"), 10_000, InstantSource.fixed(AT));
    forwarder = new Forwarder(0, journal, log, spool, gate);
    forwarder.start();
  }

  @AfterEach
  void close() {
    forwarder.close();
  }

  private void fill(int clicks) {
    for (var i = 0; i < clicks; i++) {
      journal.append(sequence -> Some.click(new Identity.Own(1, 1, 0, sequence), 1, AT));
    }
    forwarder.hint();
  }

  private void awaitEmptyJournal() {
    while (journal.oldest().isPresent()) {
      Thread.onSpinWait();
    }
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
  @DisplayName("while the log is away they go to the spool, and from there to the log")
  void whileTheLogIsAway() {
    log.isAway = true;
    fill(10);
    awaitEmptyJournal();
    assertThat(gate.isOpen()).isFalse();
    assertThat(spool.clicks()).isEqualTo(10);

    log.isAway = false;
    gate.open();
    var drain = new SpoolDrainer(log, spool, gate);
    drain.start();
    while (!spool.isEmpty()) {
      Thread.onSpinWait();
    }
    drain.close();

    assertThat(log.kept).hasSize(10);
  }

  @Test
  @DisplayName("where the spool has no room they stay in the journal until the log is back")
  void whereTheSpoolHasNoRoom() {
    log.isAway = true;
    fill(200);
    while (gate.isOpen()) {
      Thread.onSpinWait();
    }
    assertThat(spool.isEmpty()).isTrue();
    assertThat(journal.oldest()).contains(AT);

    log.isAway = false;
    gate.open();
    awaitEmptyJournal();
    assertThat(log.kept).hasSize(200);
  }

  @Test
  @DisplayName("closing forwards what is there")
  void closingForwardsWhatIsThere() {
    fill(10);
    forwarder.close();

    assertThat(log.kept).hasSize(10);
    assertThat(journal.oldest()).isEmpty();
  }

  @Test
  @DisplayName("a node that stops in order says so")
  void aNodeThatStopsSaysSo() throws IOException {
    var vertx = Vertx.vertx();
    ByReference.register(vertx);
    var outbox =
        Outbox.open(
            new Outbox.Folders(folder.resolve("memory"), folder.resolve("disk")),
            spool,
            new Outbox.Boot(1, 1),
            1,
            1 << 16,
            new Random(1));
    var said = new ConcurrentLinkedQueue<Boolean>();
    log.onTick = () -> said.add(outbox.report(AT).leaving());

    var id = vertx.deployVerticle(new ForwardingVerticle(log, outbox)).await();
    vertx.undeploy(id).await();

    assertThat(said).last().isEqualTo(true);
    assertThat(said).first().isEqualTo(false);
    vertx.close().await();
  }
}
