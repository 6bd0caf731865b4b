package clicktide.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/** Collects what a live socket says. */
final class Ear implements WebSocket.Listener {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      heard.add(text.toString());
      text.setLength(0);
    }
    socket.request(1);
    return null;
  }

  /** Waits for it; the deadline is the test's. */
  JsonNode next() throws Exception {
    return JSON.readTree(heard.take());
  }
}
