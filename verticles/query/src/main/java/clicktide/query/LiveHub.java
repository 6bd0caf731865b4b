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
 * Keeps a window for everything that is watched, and feeds the subscriptions from it (E9). All its
 * state belongs to one context; other threads go through {@link #watch} and {@link #leave}.
 */
final class LiveHub {
  private static final Logger log = LoggerFactory.getLogger(LiveHub.class);
  private static final long FLUSH_MILLIS = 200;
  private static final long AGAIN_MILLIS = 1_000;

  private final Vertx vertx;
  private final Context context;
  private final LiveCounts counts;
  private final InstantSource clock;
  private final Map<Watched, View> views = new HashMap<>();

  LiveHub(Vertx vertx, LiveCounts counts, InstantSource clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.counts = counts;
    this.clock = clock;
  }

  /** A window and who watches it. While it is loaded, increments wait. */
  private static final class View {
    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final List<LiveIncrement> early = new ArrayList<>();
    private Optional<LiveWindow> window = Optional.empty();
  }

  void start() {
    Addresses.COUNTED.consume(vertx, this::counted);
    vertx.setPeriodic(FLUSH_MILLIS, _ -> flush());
  }

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
    // Five minutes ahead, as far as clicks may come from the future.
    read(watched, LiveWindow.first(running), running.lastAhead().plus(1))
        .onSuccess(snapshot -> loaded(watched, view, new LiveWindow(watched, snapshot)))
        .onFailure(
            failure -> {
              log.warn("The hot hour cannot be read and is tried again: {}", failure.toString());
              vertx.setTimer(AGAIN_MILLIS, _ -> again(watched, view));
            });
  }

  private void again(Watched watched, View view) {
    if (views.get(watched) == view) {
      load(watched, view);
    }
  }

  private Future<LiveCounts.Snapshot> read(Watched watched, Minute from, Minute to) {
    return switch (watched) {
      case Watched.OneLink link -> counts.link(link.id(), from, to);
      case Watched.AllOf all -> counts.owner(all.owner(), from, to);
    };
  }

  private void loaded(Watched watched, View view, LiveWindow window) {
    view.window = Optional.of(window);
    view.subscriptions.forEach(Subscription::replace);
    var early = List.copyOf(view.early);
    view.early.clear();
    early.forEach(counted -> add(watched, view, counted));
  }

  private void counted(LiveIncrement counted) {
    List.copyOf(views.entrySet()).forEach(entry -> add(entry.getKey(), entry.getValue(), counted));
  }

  private void add(Watched watched, View view, LiveIncrement counted) {
    if (view.window.isEmpty()) {
      view.early.add(counted);
      return;
    }
    switch (view.window.get().add(counted)) {
      case KNOWN -> {}
      case GAP -> load(watched, view);
      case ADDED -> {
        for (var increment : counted.increments()) {
          if (watched.covers(increment)) {
            view.subscriptions.forEach(
                subscription ->
                    subscription.add(increment.link(), increment.minute(), increment.clicks()));
          }
        }
      }
    }
  }

  /** A socket that closes at this moment must not keep the others waiting. */
  private static void flush(Subscription subscription, LiveWindow window, Instant now) {
    try {
      subscription.flush(window, now);
    } catch (IllegalStateException closed) {
      log.debug("A socket closed while it was written to", closed);
    }
  }

  private void flush() {
    var now = clock.instant();
    for (var view : views.values()) {
      view.window.ifPresent(
          window -> {
            window.prune(Minute.of(now));
            view.subscriptions.forEach(subscription -> flush(subscription, window, now));
          });
    }
  }
}
