package clicktide.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.WebSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;

/** Keeps the counts of a live socket: a snapshot replaces them, a delta is added. */
final class LiveWatcher implements WebSocket.Listener {
  private static final int SNAPSHOT_SECONDS = 30;

  private final String subscribe;
  private final ObjLongConsumer<String> increments;
  private final StringBuilder text = new StringBuilder();
  private final Map<String, Long> clicks = new HashMap<>();
  private final CountDownLatch snapshot = new CountDownLatch(1);
  private long seq;
  private int gaps;

  private LiveWatcher(String subject, String id, ObjLongConsumer<String> increments) {
    this.increments = increments;
    subscribe = "{\"type\":\"subscribe\",\"id\":1,\"%s\":\"%s\"}".formatted(subject, id);
  }

  /** {@code increments} receives the code and the clicks of each increment. */
  static LiveWatcher ofOwner(String owner, ObjLongConsumer<String> increments) {
    return new LiveWatcher("owner", owner, increments);
  }

  /** {@code increments} receives the code and the clicks of each increment. */
  static LiveWatcher ofLink(String code, ObjLongConsumer<String> increments) {
    return new LiveWatcher("link", code, increments);
  }

  @Override
  public void onOpen(WebSocket socket) {
    var _ = socket.sendText(subscribe, true);
    socket.request(1);
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      try {
        receive(Product.JSON.readTree(text.toString()));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
      text.setLength(0);
    }
    socket.request(1);
    return null;
  }

  private synchronized void receive(JsonNode message) {
    if (message.path("seq").longValue() != ++seq) {
      gaps++;
    }
    if (message.path("type").textValue().equals("snapshot")) {
      var before = Map.copyOf(clicks);
      clicks.clear();
      message
          .path("links")
          .properties()
          .forEach(link -> link.getValue().path("minutes").forEach(n -> add(link.getKey(), n)));
      if (snapshot.getCount() == 0) { // a later snapshot has the increments since the last message
        clicks.forEach((code, now) -> increments.accept(code, now - before.getOrDefault(code, 0L)));
      }
      snapshot.countDown();
    } else {
      message
          .path("links")
          .properties()
          .forEach(
              link ->
                  link.getValue()
                      .forEach(
                          n -> {
                            add(link.getKey(), n);
                            increments.accept(link.getKey(), n.longValue());
                          }));
    }
  }

  private void add(String code, JsonNode minutes) {
    clicks.merge(code, minutes.longValue(), Long::sum);
  }

  /** Waits for the first snapshot. Later clicks are increments. */
  void awaitSnapshot() throws IOException, InterruptedException {
    if (!snapshot.await(SNAPSHOT_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("The live socket has no snapshot");
    }
  }

  /** The clicks of these links so far. */
  synchronized Map<String, Long> clicks(List<String> codes) {
    var found = new HashMap<String, Long>();
    codes.forEach(code -> found.put(code, clicks.getOrDefault(code, 0L)));
    return found;
  }

  /** The number of gaps in the sequence numbers. */
  synchronized int gaps() {
    return gaps;
  }
}
