package clicktide.query;

import clicktide.bus.Addresses;
import clicktide.bus.LiveIncrement;
import clicktide.event.Minute;
import clicktide.store.LiveCounts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one live window for each watched target, and feeds its subscriptions (E9). The state
 * belongs to one context. Other threads call {@link #watch} and {@link #leave} only.
 */
final class LiveHub {
  private static final Logger log = LoggerFactory.getLogger(LiveHub.class);
  private static final long FLUSH_MILLIS = 200;
  private static final long RETRY_MILLIS = 1_000;

  /** The interval of snapshots while increments cannot be read. */
  private static final long GAP_MILLIS = 2_000;

  private final Vertx vertx;
  private final Context context;
  private final LiveCounts counts;
  private final InstantSource clock;
  private final Map<Watched, View> views = new HashMap<>();
  private boolean hasGap;

  LiveHub(Vertx vertx, LiveCounts counts, InstantSource clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.counts = counts;
    this.clock = clock;
  }

  /** A window with its subscriptions. Increments wait while the window is loaded. */
  private static final class View {
    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final List<LiveIncrement> early = new ArrayList<>();
    private Optional<LiveWindow> window = Optional.empty();
  }

  /** Subscribes to increments, on the context of the hub. */
  void start() {
    Addresses.LIVE_INCREMENTS.consume(vertx, this::add);
    Addresses.LIVE_GAPS.consume(vertx, _ -> hasGap = true);
    vertx.setPeriodic(GAP_MILLIS, _ -> closeGap());
    vertx.setPeriodic(FLUSH_MILLIS, _ -> flush());
  }

  /** Adds a subscription, and loads the window of its target if it is the first one. */
  void watch(Watched watched, Subscription subscription) {
    context.runOnContext(
        _ -> {
          var view = views.get(watched);
          if (view == null) {
            view = new View();
            views.put(watched, view);
            load(watched, view);
          }
          view.subscriptions.add(subscription);
        });
  }

  /** Removes a subscription, and with the last one the window. */
  void leave(Watched watched, Subscription subscription) {
    context.runOnContext(
        _ -> {
          var view = views.get(watched);
          if (view != null) {
            view.subscriptions.remove(subscription);
            if (view.subscriptions.isEmpty()) {
              views.remove(watched);
            }
          }
        });
  }

  private void load(Watched watched, View view) {
    view.window = Optional.empty();
    view.early.clear();
    var running = Minute.of(clock.instant());
    read(watched, LiveWindow.first(running), running.lastAhead().plus(1))
        .onSuccess(snapshot -> loaded(watched, view, new LiveWindow(watched, snapshot)))
        .onFailure(
            failure -> {
              log.warn(
                  "The hot hour cannot be read, and the read is repeated: {}", failure.toString());
              vertx.setTimer(RETRY_MILLIS, _ -> retry(watched, view));
            });
  }

  private void retry(Watched watched, View view) {
    if (views.get(watched) == view) {
      load(watched, view);
    }
  }

  private Future<LiveCounts.Snapshot> read(Watched watched, Minute from, Minute to) {
    return switch (watched) {
      case Watched.WatchedLink link -> counts.link(link.target(), from, to);
      case Watched.WatchedOwner owner -> counts.owner(owner.owner(), from, to);
    };
  }

  private void loaded(Watched watched, View view, LiveWindow window) {
    view.window = Optional.of(window);
    view.subscriptions.forEach(Subscription::replace);
    var early = List.copyOf(view.early);
    view.early.clear();
    early.forEach(increment -> add(watched, view, increment));
  }

  /** Replaces all windows by snapshots if increments could not be read. */
  private void closeGap() {
    if (hasGap) {
      hasGap = false;
      views.forEach(
          (watched, view) -> {
            if (view.window.isPresent()) { // otherwise it is being loaded
              load(watched, view);
            }
          });
    }
  }

  private void add(LiveIncrement increment) {
    List.copyOf(views.entrySet())
        .forEach(entry -> add(entry.getKey(), entry.getValue(), increment));
  }

  private void add(Watched watched, View view, LiveIncrement increment) {
    if (view.window.isEmpty()) {
      view.early.add(increment);
      return;
    }
    switch (view.window.get().add(increment)) {
      case KNOWN -> {}
      case GAP -> load(watched, view);
      case ADDED -> {
        for (var cell : increment.increments()) {
          if (watched.covers(cell)) {
            view.subscriptions.forEach(
                subscription -> subscription.add(cell.link(), cell.minute(), cell.clicks()));
          }
        }
      }
    }
  }

  /** Flushes one subscription. A socket that has just closed does not stop the other ones. */
  private static void flush(
      Subscription subscription, LiveWindow window, Instant watermark, Instant now) {
    try {
      subscription.flush(window, watermark, now);
    } catch (IllegalStateException closed) {
      log.debug("A socket closed during a write", closed);
    }
  }

  private void flush() {
    var now = clock.instant();
    for (var view : views.values()) {
      view.window.ifPresent(
          window -> {
            window.prune(Minute.of(now));
            var watermark = window.freshThrough();
            view.subscriptions.forEach(subscription -> flush(subscription, window, watermark, now));
          });
    }
  }
}
