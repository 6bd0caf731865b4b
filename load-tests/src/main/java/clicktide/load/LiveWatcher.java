package clicktide.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.WebSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.ObjLongConsumer;

/** Keeps what a live socket says as a client should: snapshots replace, deltas are added. */
final class LiveWatcher implements WebSocket.Listener {
  private final String subscribe;
  private final ObjLongConsumer<String> news;
  private final StringBuilder text = new StringBuilder();
  private final Map<String, Long> clicks = new HashMap<>();
  private long seq;
  private int holes;

  LiveWatcher(String owner) {
    this(owner, (_, _) -> {});
  }

  /** {@code news} hears the code and the clicks of each increment. */
  LiveWatcher(String owner, ObjLongConsumer<String> news) {
    this.news = news;
    subscribe = "{\"type\":\"subscribe\",\"id\":1,\"owner\":\"%s\"}".formatted(owner);
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
        heard(Product.JSON.readTree(text.toString()));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
      text.setLength(0);
    }
    socket.request(1);
    return null;
  }

  private synchronized void heard(JsonNode message) {
    if (message.path("seq").longValue() != ++seq) {
      holes++;
    }
    if (message.path("type").textValue().equals("snapshot")) {
      clicks.clear();
      message
          .path("links")
          .properties()
          .forEach(link -> link.getValue().path("minutes").forEach(n -> add(link.getKey(), n)));
    } else {
      message
          .path("links")
          .properties()
          .forEach(link -> link.getValue().forEach(n -> add(link.getKey(), n)));
      message
          .path("links")
          .properties()
          .forEach(link -> link.getValue().forEach(n -> news.accept(link.getKey(), n.longValue())));
    }
  }

  private void add(String code, JsonNode minutes) {
    clicks.merge(code, minutes.longValue(), Long::sum);
  }

  /** Clicks of these links, as far as was heard. */
  synchronized Map<String, Long> clicks(List<String> codes) {
    var found = new HashMap<String, Long>();
    codes.forEach(code -> found.put(code, clicks.getOrDefault(code, 0L)));
    return found;
  }

  /** How often a sequence number was missing. */
  synchronized int holes() {
    return holes;
  }
}
