package clicktide.redirect;

import clicktide.buffer.Journal;
import clicktide.bus.Addresses;
import clicktide.http.Request;
import clicktide.link.Link;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Instant;

/** The recorder of the clicks of one event loop. It appends to the journal and never waits. */
final class ClickRecorder {
  private static final long HINT_MILLIS = 2;

  private final Vertx vertx;
  private final Journal journal;
  private final ClickFactory clicks;
  private final Counter shed;
  private boolean hinted;

  ClickRecorder(Vertx vertx, Journal journal, ClickFactory clicks, MeterRegistry metrics) {
    this.vertx = vertx;
    this.journal = journal;
    this.clicks = clicks;
    shed = metrics.counter("clicks_dropped", "reason", "journal_full");
  }

  /** Keeps the click of a request under {@code code}, or counts it as shed. */
  void record(Request request, Link link, String code, Instant now) {
    if (journal.append(clicks.draft(request, link, code, now))) {
      hint();
    } else {
      journal.shed(link.id(), link.countedFor(), now);
      shed.increment();
    }
  }

  /** Sends one hint for all clicks of 2 ms: the forwarder then reads until the journal is empty. */
  private void hint() {
    if (!hinted) {
      hinted = true;
      vertx.setTimer(
          HINT_MILLIS,
          _ -> {
            hinted = false;
            Addresses.JOURNAL_READY.publish(vertx, journal.lane().number());
          });
    }
  }
}
