package clicktide.query;

import clicktide.count.LiveTally;
import clicktide.event.Minute;
import clicktide.http.Json;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One subscription of one socket. Increments are summed here until the socket accepts a message. If
 * there are too many cells, a new snapshot replaces them. On the context of the hub only.
 */
final class Subscription {
  private static final int MOST_LINKS = 1_000;
  private static final int MOST_WAITING = 10_000;

  /** The minimum time between messages that only move the watermark. */
  private static final long WATERMARK_MILLIS = 2_000;

  /** The maximum time without a message, so a client notices a dead connection. */
  private static final long IDLE_MILLIS = 10_000;

  private final Object id;
  private final ServerWebSocket socket;
  private final Function<Long, Optional<String>> codes;
  private final Map<Long, Map<Minute, Long>> waiting = new HashMap<>();
  private int cells;
  private long seq;
  private boolean needsSnapshot = true;
  private Instant lastSent = Instant.EPOCH;
  private Instant lastWatermark = Instant.EPOCH;

  /** {@code id} is chosen by the client, or null. {@code codes} returns the code of a link. */
  Subscription(Object id, ServerWebSocket socket, Function<Long, Optional<String>> codes) {
    this.id = id;
    this.socket = socket;
    this.codes = codes;
  }

  /** Drops the increments, because the window has a new snapshot. */
  void replace() {
    needsSnapshot = true;
    waiting.clear();
    cells = 0;
  }

  /** Adds clicks to the next message. */
  void add(long link, Minute minute, long clicks) {
    if (needsSnapshot) {
      return; // the snapshot will have it
    }
    if (waiting.computeIfAbsent(link, _ -> new TreeMap<>()).merge(minute, clicks, Long::sum)
            == clicks
        && ++cells > MOST_WAITING) {
      replace();
    }
  }

  /** Sends a snapshot, the increments or {@code watermark}, if the socket accepts a message. */
  void flush(LiveWindow window, Instant watermark, Instant now) {
    if (!hasNews(watermark, now) || socket.isClosed() || socket.writeQueueFull()) {
      return;
    }
    if (needsSnapshot) {
      needsSnapshot = false;
      send(full(window, watermark, Minute.of(now)));
    } else {
      send(delta(watermark));
    }
    lastSent = now;
    lastWatermark = watermark;
  }

  private boolean hasNews(Instant watermark, Instant now) {
    return needsSnapshot
        || !waiting.isEmpty()
        || now.isAfter(lastSent.plusMillis(IDLE_MILLIS))
        || watermark.isAfter(lastWatermark) && now.isAfter(lastSent.plusMillis(WATERMARK_MILLIS));
  }

  private LiveMessage full(LiveWindow window, Instant watermark, Minute running) {
    var from = LiveWindow.first(running);
    var links = new LinkedHashMap<String, LiveMessage.Minutes>();
    var others = new long[1];
    window.links().entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -sum(entry.getValue())))
        .forEach(
            entry -> {
              if (links.size() < MOST_LINKS) {
                links.put(code(entry.getKey()), new LiveMessage.Minutes(text(entry.getValue())));
              } else {
                others[0] += sum(entry.getValue());
              }
            });
    return new LiveMessage.Full(
        "snapshot",
        id,
        ++seq,
        watermark.toString(),
        new LiveMessage.Window(
            from.start().toString(), from.plus(LiveTally.MINUTES).start().toString()),
        links,
        others[0]);
  }

  private LiveMessage delta(Instant watermark) {
    var links = new LinkedHashMap<String, Map<String, Long>>();
    waiting.forEach((link, minutes) -> links.put(code(link), text(minutes)));
    waiting.clear();
    cells = 0;
    return new LiveMessage.Delta("delta", id, ++seq, watermark.toString(), links);
  }

  private String code(long link) {
    return codes.apply(link).orElseGet(() -> "#" + link);
  }

  private static Map<String, Long> text(Map<Minute, Long> minutes) {
    var text = new LinkedHashMap<String, Long>();
    minutes.forEach((minute, clicks) -> text.put(minute.start().toString(), clicks));
    return text;
  }

  private static long sum(Map<Minute, Long> minutes) {
    return minutes.values().stream().mapToLong(Long::longValue).sum();
  }

  void send(LiveMessage message) {
    if (!socket.isClosed()) {
      socket.writeTextMessage(new String(Json.write(message), StandardCharsets.UTF_8));
    }
  }
}
