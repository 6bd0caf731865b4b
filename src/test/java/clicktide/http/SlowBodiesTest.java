package clicktide.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import clicktide.net.ClientAddress;
import clicktide.store.Owners.Scope;
import clicktide.time.TimeSource;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@DisplayName("G18, E12: requests whose bodies do not end, on raw sockets")
@Timeout(60)
class SlowBodiesTest {
  private static final String KEY = "the-administrator's-key-of-this-test";
  private static final String PUBLIC = "/v1/public/links/a/analytics";

  private final Vertx vertx = Vertx.vertx();
  private final List<Socket> sockets = new ArrayList<>();
  private int port;

  @BeforeEach
  void listen() {
    var time = TimeSource.system();
    var access = new Access(new NoOwners(), KEY, time);
    var api =
        new Api(
            Router.router(vertx),
            access,
            new RateLimits(0, new SharedWindows(Optional.empty(), time)),
            new ClientAddress(List.of()),
            Contract.load(),
            new Random(1));
    api.open(PUBLIC.replace("/a/", "/:code/"), _ -> ApiResponse.ok(Map.of()));
    api.post("/v1/links", Scope.LINKS_WRITE, _ -> ApiResponse.ok(Map.of()));
    port =
        HttpPort.listen(vertx, new HttpPort.PortOptions("127.0.0.1", 0, 30), api.router())
            .await()
            .actualPort();
  }

  @AfterEach
  void close() throws IOException {
    for (var socket : sockets) {
      socket.close();
    }
    vertx.close().await();
  }

  /** Sends the text on a new connection, and returns the first line of the answer. */
  private String firstLine(String text) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    sockets.add(socket);
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1))
        .readLine();
  }

  private static String request(String line, String headers) {
    return "%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n"
        .formatted(line, KEY, headers);
  }

  @Test
  @DisplayName("take no permit: another call of the same key is answered")
  void takeNoPermit() throws IOException {
    var slow =
        request("POST /v1/links", "Content-Length: 1000000\r\nExpect: 100-continue\r\n") + "{";
    for (var i = 0; i <= Identification.MAX_CALLS_PER_CALLER; i++) {
      assertThat(firstLine(slow)).isEqualTo("HTTP/1.1 100 Continue");
    }

    assertThat(firstLine(request("POST /v1/links", "Content-Length: 2\r\n") + "{}"))
        .isEqualTo("HTTP/1.1 200 OK");
  }

  @Test
  @DisplayName("end with the connection, soon after an answer that did not wait for them")
  void endWithTheConnection() throws IOException {
    for (var body : List.of("Content-Length: 9\r\n", "Transfer-Encoding: chunked\r\n")) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request("GET /docs", body).getBytes(ISO_8859_1));

        assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
            .startsWith("HTTP/1.1 200 ");
      }
    }
  }

  @Test
  @DisplayName("write nothing to the log, and neither do bodies that no decoder accepts")
  void writeNothingToTheLog() throws IOException {
    var logged = new ListAppender<ILoggingEvent>();
    var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    logged.start();
    root.addAppender(logged);
    for (var body :
        List.of(
            "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n",
            "Transfer-Encoding: chunked\r\n\r\n80000000\r\n",
            "Transfer-Encoding: chunked\r\n\r\n1\r\nabc",
            "Transfer-Encoding: chunked\r\n\r\n0\r\n" + "a: b\r\n".repeat(2_000) + "\r\n",
            "Content-Length: 999999999999999999\r\n\r\n",
            "Content-Length: 10\r\n\r\nab")) {
      for (var line : List.of("POST /v1/links", "GET " + PUBLIC, "POST /nowhere")) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          socket.setSoTimeout(20_000);
          var text = request(line, "").stripTrailing() + "\r\n" + body;
          socket.getOutputStream().write(text.getBytes(ISO_8859_1));
          socket.shutdownOutput();
          socket.getInputStream().readAllBytes();
        }
      }
    }
    root.detachAppender(logged);

    assertThat(logged.list).isEmpty();
  }

  @Test
  @DisplayName("are refused at once with GET, and another stranger is answered")
  void areRefusedWithGet() throws IOException {
    for (var body : List.of("Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n")) {
      for (var i = 0; i <= Identification.MAX_CALLS_PER_CALLER; i++) {
        assertThat(firstLine(request("GET " + PUBLIC, body))).isEqualTo("HTTP/1.1 400 Bad Request");
      }
    }

    assertThat(firstLine(request("GET " + PUBLIC, "Content-Length: 0\r\n")))
        .isEqualTo("HTTP/1.1 200 OK");
  }
}
