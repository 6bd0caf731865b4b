package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the live socket that keeps the messages it received. */
final class LiveSocketClient implements WebSocket.Listener, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long DEADLINE_SECONDS = 60;

  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final StringBuilder text = new StringBuilder();
  private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
  private final WebSocket socket;

  private LiveSocketClient(Installation here, String ticket, String origin) {
    var uri = URI.create("ws://127.0.0.1:%d/v1/live?ticket=%s".formatted(here.apiPort, ticket));
    socket =
        here.client().newWebSocketBuilder().header("Origin", origin).buildAsync(uri, this).join();
  }

  /** Connects as the dashboard does. */
  static LiveSocketClient open(Installation here, String ticket) {
    return new LiveSocketClient(here, ticket, "http://127.0.0.1:" + here.apiPort);
  }

  /** Returns the status of a handshake: 101 if the socket was opened. */
  static int status(Installation here, String ticket, String origin) {
    try (var _ = new LiveSocketClient(here, ticket, origin)) {
      return 101;
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      messages.add(text.toString());
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closeCode.complete(code);
    return null;
  }

  void send(String message) {
    socket.sendText(message, true).join();
  }

  /** Waits for the next message. */
  JsonNode next() throws Exception {
    var message = messages.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    assertThat(message).as("next message of the live socket").isNotNull();
    return JSON.readTree(message);
  }

  /** Waits until the server closes the socket and returns the code. */
  int closeCode() throws Exception {
    return closeCode.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    socket.abort();
  }
}
