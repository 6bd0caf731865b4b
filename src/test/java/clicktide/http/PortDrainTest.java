package clicktide.http;

import static clicktide.time.Eventually.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The end of a port")
@Timeout(60)
class PortDrainTest {
  private final Vertx vertx = Vertx.vertx();
  private final PortDrain drain = new PortDrain();
  private final Promise<Void> slow = Promise.promise();
  private final CompletableFuture<Void> slowArrived = new CompletableFuture<>();
  private int port;

  @BeforeEach
  void listen() {
    var place = new HttpPort.PortOptions("127.0.0.1", 0, 60).drainedBy(drain);
    port = HttpPort.listen(vertx, place, this::answer).await().actualPort();
  }

  private void answer(HttpServerRequest request) {
    if (request.path().equals("/slow")) {
      slowArrived.complete(null);
      slow.future().onSuccess(_ -> request.response().end());
    } else {
      request.response().end();
    }
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** A connection that stays open between requests. */
  private final class Connection implements AutoCloseable {
    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    private final BufferedReader reader =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));

    Connection() throws IOException {
      socket.setSoTimeout(30_000);
    }

    void send(String path) throws IOException {
      var request = "GET %s HTTP/1.1\r\nHost: x\r\n\r\n".formatted(path);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
    }

    /** The lines of an answer without a body; none if the connection ends. */
    List<String> answer() throws IOException {
      var lines = new ArrayList<String>();
      for (var line = reader.readLine();
          line != null && !line.isEmpty();
          line = reader.readLine()) {
        lines.add(line.toLowerCase(Locale.ROOT));
      }
      return lines;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  @DisplayName("during the drain each answer is the last one of its connection, new ones too")
  void answersAreTheLastOnes() throws Exception {
    try (var early = new Connection()) {
      early.send("/");
      assertThat(early.answer()).contains("http/1.1 200 ok").doesNotContain("connection: close");

      drain.begin();

      early.send("/");
      assertThat(early.answer()).contains("http/1.1 200 ok", "connection: close");
      assertThat(early.answer()).isEmpty();
    }
    try (var late = new Connection()) {
      late.send("/");
      assertThat(late.answer()).contains("http/1.1 200 ok", "connection: close");
      assertThat(late.answer()).isEmpty();
    }
  }

  @Test
  @DisplayName("at the end connections are refused, and an answer under way is completed")
  void answersUnderWay() throws Exception {
    try (var waiting = new Connection()) {
      waiting.send("/slow");
      slowArrived.join();
      var closing =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      drain.close();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      eventually("the port refuses connections").until(this::isRefused);

      slow.complete();

      assertThat(waiting.answer()).contains("http/1.1 200 ok");
      assertThat(waiting.answer()).isEmpty();
      closing.join();
    }
    drain.close();
    assertThatThrownBy(Connection::new).isInstanceOf(ConnectException.class);
  }

  private boolean isRefused() throws IOException {
    try (var _ = new Connection()) {
      return false;
    } catch (ConnectException _) {
      return true;
    }
  }
}
