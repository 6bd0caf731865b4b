package clicktide.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The body of a request")
@Timeout(60)
class RequestBodyTest {
  private static final int BYTES = 1_000; // of all bodies that arrive

  private final Vertx vertx = Vertx.vertx();
  private final Admission<String> bodies = new Admission<>("bytes", BYTES, BYTES);
  private int port;

  @BeforeEach
  void listen() {
    port =
        HttpPort.listen(vertx, new HttpPort.PortOptions("127.0.0.1", 0, 30), this::answer)
            .await()
            .actualPort();
  }

  private void answer(HttpServerRequest request) {
    request.pause();
    RequestBody.read(vertx, request, Duration.ofMillis(400), bodies.permit("caller"))
        .onSuccess(body -> request.response().end("len=" + body.length))
        .onFailure(
            failure -> {
              var problem = ResponseWriter.problemOf(failure);
              request.response().setStatusCode(problem.status()).end(problem.code());
            });
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** Returns everything that the server says until it closes the connection. */
  private String talk(String header, String body) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      var text = "POST / HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s".formatted(header, body);
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @Test
  @DisplayName("that does not end within its deadline is 408, and the connection is closed")
  void thatDoesNotEndIs408() throws IOException {
    assertThat(talk("Content-Length: 3", "ab")).contains(" 408 ").endsWith("request_timeout");
    assertThat(talk("Transfer-Encoding: chunked", "2\r\nab\r\n")).contains(" 408 ");
  }

  @Test
  @DisplayName("that is announced as too large is 413 at once")
  void thatIsTooLargeIs413() throws IOException {
    var length = RequestBody.MAX_SIZE + 1;

    assertThat(talk("Content-Length: " + length, "")).contains(" 413 ");
  }

  @Test
  @DisplayName("is read whole if there is room, and leaves its room to the next")
  void isReadWhole() throws IOException {
    var header = "Connection: close\r\nContent-Length: ";
    for (var i = 0; i < 3; i++) {
      assertThat(talk(header + BYTES, "x".repeat(BYTES))).contains(" 200 ").endsWith("len=1000");
      assertThat(talk(header + (BYTES + 1), "x".repeat(BYTES + 1))).contains(" 503 ");
    }
  }
}
