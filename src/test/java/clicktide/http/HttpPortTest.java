package clicktide.http;

import static clicktide.time.Eventually.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.net.Network;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Ways in: the port, on raw sockets")
class HttpPortTest {
  private final Vertx vertx = Vertx.vertx();
  private final MeterRegistry metrics = new SimpleMeterRegistry();
  private HttpServer server;

  @BeforeEach
  void listen() {
    server =
        HttpPort.listen(vertx, new HttpPort.PortOptions("127.0.0.1", 0, 1), this::echo).await();
  }

  private void echo(HttpServerRequest request) {
    if (request.path().equals("/socket")) {
      request
          .toWebSocket()
          .onSuccess(socket -> socket.textMessageHandler(socket::writeTextMessage));
      return;
    }
    request
        .body()
        .onSuccess(body -> request.response().end("len=" + body.length() + " " + request.uri()));
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** Everything that the server says until it closes or has been silent for long. */
  private String talk(String text) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
      socket.setSoTimeout(8_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static String unescape(String text) {
    return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain                     | GET /a HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n | 200",
        "no host                   | GET /a HTTP/1.1\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "two hosts                 | GET /a HTTP/1.1\\r\\nHost: x\\r\\nHost: y\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "folded header             | GET /a HTTP/1.1\\r\\nHost: x\\r\\nA: b\\r\\n c\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "folded with a tab         | GET /a HTTP/1.1\\r\\nHost: x\\r\\nA: b\\n\\tc\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "unknown transfer coding   | POST /a HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: xchunked\\r\\nConnection: close\\r\\n\\r\\n | 501",
        "length and chunked        | POST /a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 3\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n | 400",
        "two lengths               | POST /a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 3\\r\\nContent-Length: 4\\r\\n\\r\\nabc | 400",
        "signed length             | POST /a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: +3\\r\\n\\r\\nabc | 400",
        "length cut by zeros       | POST /a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 0000000000000000000000000000000000000000000000000000000000000059\\r\\n\\r\\n | 400",
        "chunk size with a blank   | POST /a HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3 x\\r\\nabc\\r\\n0\\r\\n\\r\\n | 400",
        "chunk size of 32 bits     | POST /a HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n80000000\\r\\n | 400",
        "padded chunk size         | POST /a HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n00000001\\r\\na\\r\\n0\\r\\n\\r\\n | 200",
        "empty host                | GET /a HTTP/1.1\\r\\nHost:\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "user in the host          | GET /a HTTP/1.1\\r\\nHost: a@b\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "port of six digits        | GET /a HTTP/1.1\\r\\nHost: b:999999\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "port above 65,535         | GET /a HTTP/1.1\\r\\nHost: b:65536\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "host with eight bits      | GET /a HTTP/1.1\\r\\nHost: café.example\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "host with a path          | GET /a HTTP/1.1\\r\\nHost: b/c\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "host with a port          | GET /a HTTP/1.1\\r\\nHost: go_1.example.com.:8080\\r\\nConnection: close\\r\\n\\r\\n | 200",
        "IPv6 host                 | GET /a HTTP/1.1\\r\\nHost: [::1]:8080\\r\\nConnection: close\\r\\n\\r\\n | 200",
        "two transfer codings      | POST /a HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: foo\\r\\n\\r\\n0\\r\\n\\r\\n | 501",
        "absolute form of a prefix | GET http://x.evil/a HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "space before the colon    | GET /a HTTP/1.1\\r\\nHost : x\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "other absolute form       | GET http://evil/a HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "agreeing absolute form    | GET http://x/a HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n | 200",
        "look-alike of a coding    | GET /a HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding-X: 1\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "look-alike of a length    | GET /a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length-X: 3\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "chunked and length        | POST /a HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length: 3\\r\\n\\r\\n0\\r\\n\\r\\n | 400",
        "keys of Hixie-76          | GET /a HTTP/1.1\\r\\nHost: x\\r\\nSec-WebSocket-Key1: 1\\r\\nSec-WebSocket-Key2: 2\\r\\nConnection: close\\r\\n\\r\\n | 400",
        "HTTP/1.0 without host     | GET /a HTTP/1.0\\r\\n\\r\\n | 200",
        "upgrade to h2c ignored    | GET /a HTTP/1.1\\r\\nHost: x\\r\\nConnection: Upgrade, HTTP2-Settings\\r\\nUpgrade: h2c\\r\\nHTTP2-Settings: AAMAAABkAAQAAP__\\r\\n\\r\\n | 200"
      })
  void answers(String name, String request, String status) throws IOException {
    assertThat(talk(unescape(request))).as(name).startsWith("HTTP/1.").contains(" " + status + " ");
  }

  @Test
  @DisplayName("a body may begin with a space, and the next request is looked at again")
  void bodiesAreNotHeaders() throws IOException {
    var bodies =
        "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n\n  x"
            + "POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n\n x\r\n0\r\n\r\n";

    assertThat(talk(bodies + "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .contains("len=4 /1")
        .contains("len=3 /2")
        .contains("len=0 /3");
    assertThat(talk(bodies + "GET /3 HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"))
        .contains(" 400 ")
        .doesNotContain("/3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Transfer-Encoding-X: 1", "Content-Length-X: 99", "Sec-WebSocket-Key1: 1"})
  @DisplayName("no look-alike of a framing header turns the inspection of later requests off (H5)")
  void noHeaderTurnsTheInspectionOff(String header) throws IOException {
    var first = "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n" + header + "\r\n\r\n";

    assertThat(talk(first + "fffff\r\nGET /2 HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"))
        .contains(" 400 ")
        .doesNotContain("/2");
  }

  @Test
  @DisplayName("a WebSocket passes, with frames that would be folded lines")
  void aWebSocketPasses() {
    var client = vertx.createWebSocketClient();
    var socket = client.connect(server.actualPort(), "127.0.0.1", "/socket").await();
    var answers = new ArrayBlockingQueue<String>(2);
    socket.textMessageHandler(answers::add);
    for (var text : List.of("a\r\n b", " \r\n\r\n")) {
      socket.writeTextMessage(text).await();
      assertThat(poll(answers)).isEqualTo(text);
    }
  }

  private static String poll(BlockingQueue<String> answers) {
    try {
      return answers.poll(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("clear-text HTTP/2 is not spoken")
  void http2IsNotSpoken() throws IOException {
    assertThat(talk("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).doesNotContain("\u0000\u0000\u0012\u0004");
  }

  @Test
  @DisplayName("long lines are 414 and long headers 431")
  void longLinesAreRefused() throws IOException {
    assertThat(talk("GET /" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .contains(" 414 ");
    assertThat(talk("GET / HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(9_000) + "\r\n\r\n"))
        .contains(" 431 ");
  }

  @Test
  @DisplayName("silence is closed")
  void silenceIsClosed() throws IOException {
    assertThat(talk("GET / HTTP/1.1\r\nHost:")).isEmpty();
    assertThat(talk("")).isEmpty();
  }

  @Test
  @DisplayName("a header that never ends is closed after its deadline, whatever dribbles in")
  void aHeaderThatNeverEndsIsClosed() throws Exception {
    var place =
        new HttpPort.PortOptions(
            "127.0.0.1", 0, 60, Duration.ofMillis(400), Optional.empty(), new PortDrain());
    var strict = HttpPort.listen(vertx, place, this::echo).await();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), strict.actualPort())) {
      socket.setSoTimeout(20_000);
      var client = Thread.ofVirtual().start(() -> dribble(socket));

      assertThat(endsWithoutAnAnswer(socket)).isTrue();
      client.join();
    }
  }

  private static boolean endsWithoutAnAnswer(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException _) {
      return true; // reset, because bytes of the client were on their way
    }
  }

  /** Sends a header byte by byte until the connection is closed. */
  private static void dribble(Socket socket) {
    try {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n".getBytes(US_ASCII));
      while (true) {
        socket.getOutputStream().write('a');
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException _) {
      // the server closed the connection
    }
  }

  @Test
  @DisplayName("an address over its limit of connections is closed at once and counted")
  void anAddressOverItsLimitIsClosed() throws Exception {
    var port = listenWithLimit(new ConnectionLimit(8, List.of(), metrics, "links"));

    assertThat(admitted(port, 6)).isEqualTo(4);
    assertThat(refused("address")).isEqualTo(2);
    eventually("closed connections make room").until(() -> admitted(port, 1) == 1);
  }

  @Test
  @DisplayName("a trusted address is limited by the total only")
  void aTrustedAddressIsLimitedByTheTotal() throws Exception {
    var loopback = Network.parse("127.0.0.0/8").stream().toList();
    var port = listenWithLimit(new ConnectionLimit(8, loopback, metrics, "links"));

    assertThat(admitted(port, 10)).isEqualTo(8);
    assertThat(refused("total")).isEqualTo(2);
    assertThat(refused("address")).isZero();
    eventually("closed connections make room").until(() -> admitted(port, 1) == 1);
  }

  private int listenWithLimit(ConnectionLimit limit) {
    var place = new HttpPort.PortOptions("127.0.0.1", 0, 60).limitedBy(limit);
    return HttpPort.listen(vertx, place, this::echo).await().actualPort();
  }

  private int refused(String limit) {
    return (int) metrics.get("connections_refused").tag("limit", limit).counter().count();
  }

  /** Opens connections, and returns the number of those that are open together and answered. */
  private static int admitted(int port, int connections) throws IOException {
    var sockets = new ArrayList<Socket>();
    try {
      var answered = 0;
      for (var i = 0; i < connections; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        answered += isAnswered(socket) ? 1 : 0;
      }
      return answered;
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  private static boolean isAnswered(Socket socket) throws IOException {
    try {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
      return socket.getInputStream().read() == 'H';
    } catch (SocketException _) {
      return false;
    }
  }
}
