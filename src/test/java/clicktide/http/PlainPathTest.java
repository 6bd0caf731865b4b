package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each answer has a header that names its writer and the target of the request. */
@DisplayName("The path of plain requests, on raw sockets")
class PlainPathTest {
  private static final String END = "HTTP/1.1\r\nHost: x\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final PortDrain drain = new PortDrain();
  private int port;

  @BeforeEach
  void listen() {
    var place =
        new HttpPort.PortOptions(
            "127.0.0.1", 0, 60, Duration.ofSeconds(10), Optional.empty(), drain);
    port = HttpPort.listen(vertx, place, PlainPathTest::plain, this::server).await().actualPort();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static boolean plain(Request request, ByteBuf out) {
    if (request.path().equals("/server")) {
      return false;
    }
    var answer = "HTTP/1.1 302 Found\r\nby: plain %s\r\ncontent-length: 0\r\n\r\n";
    out.writeCharSequence(answer.formatted(request.uri()), StandardCharsets.US_ASCII);
    return true;
  }

  private void server(HttpServerRequest request) {
    var response = request.response().setStatusCode(302);
    response.putHeader("by", "server " + request.uri()).putHeader("content-length", "0");
    if (request.uri().equals("/server?late")) {
      vertx.setTimer(100, _ -> response.end());
    } else {
      response.end();
    }
  }

  /** A client that writes bytes and reads answers. */
  private final class Client implements AutoCloseable {
    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    private final BufferedReader answers =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));

    private Client() throws IOException {
      socket.setSoTimeout(8_000);
      socket.setTcpNoDelay(true);
    }

    private void write(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns the header {@code by} of the next answer, else its status line; or "closed". */
    private String answer() throws IOException {
      var lines = new ArrayList<String>();
      var line = answers.readLine();
      for (; line != null && !line.isEmpty(); line = answers.readLine()) {
        lines.add(line);
      }
      return lines.isEmpty()
          ? "closed"
          : lines.stream()
              .filter(one -> one.startsWith("by: "))
              .map(one -> one.substring(4))
              .findFirst()
              .orElse(lines.getFirst());
    }

    private String answer(String request) throws IOException {
      write(request);
      return answer();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GET               | GET /a HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | plain /a",
        "HEAD              | HEAD /a HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | plain /a",
        "a query           | GET /a?b=%20&c HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | plain /a?b=%20&c",
        "headers           | GET /a HTTP/1.1\\r\\nhOST:x:80\\t\\r\\nA:\\r\\nB-c:  d e\\r\\n\\r\\n | plain /a",
        "keep-alive        | GET /a HTTP/1.1\\r\\nHost: x\\r\\nConnection: Keep-Alive\\r\\n\\r\\n | plain /a",
        "close             | GET /a HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n | server /a",
        "another method    | PUT /a HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | server /a",
        "no plain answer   | GET /server HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | server /server",
        "absolute form     | GET http://x/a HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n | server http://x/a",
        "HTTP/1.0          | GET /a HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n | server /a",
        "line feeds        | GET /a HTTP/1.1\\nHost: x\\n\\n | HTTP/1.0 400 Bad Request",
        "eight bits        | GET /a HTTP/1.1\\r\\nHost: x\\r\\nA: \u00e9\\r\\n\\r\\n | server /a",
        "a header twice    | GET /a HTTP/1.1\\r\\nHost: x\\r\\nReferer: a\\r\\nReferer: b\\r\\n\\r\\n | server /a",
        "a length          | GET /a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 0\\r\\n\\r\\n | server /a",
        "an expectation    | GET /a HTTP/1.1\\r\\nHost: x\\r\\nExpect: nothing\\r\\n\\r\\n | server /a",
        "another protocol  | GET /a HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: h2c\\r\\n\\r\\n | server /a",
        "no host           | GET /a HTTP/1.1\\r\\n\\r\\n | HTTP/1.1 400 Bad Request",
        "two hosts         | GET /a HTTP/1.1\\r\\nHost: x\\r\\nHost: x\\r\\n\\r\\n | HTTP/1.1 400 Bad Request",
        "a malformed host  | GET /a HTTP/1.1\\r\\nHost: x/y\\r\\n\\r\\n | HTTP/1.1 400 Bad Request",
        "a folded header   | GET /a HTTP/1.1\\r\\nHost: x\\r\\nA: b\\r\\n c\\r\\n\\r\\n | HTTP/1.1 400 Bad Request",
        "a blank in a name | GET /a HTTP/1.1\\r\\nHost: x\\r\\nA : b\\r\\n\\r\\n | HTTP/1.1 400 Bad Request",
        "a coding          | GET /a HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding-X: 1\\r\\n\\r\\n | HTTP/1.1 400 Bad Request"
      })
  void decides(String name, String request, String answer) throws IOException {
    try (var client = new Client()) {
      var bytes = request.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
      assertThat(client.answer(bytes)).as(name).isEqualTo(answer);
    }
  }

  @Test
  @DisplayName("answers stay in order, and plain requests follow after the server's answers")
  void answersStayInOrder() throws IOException {
    try (var client = new Client()) {
      client.write("GET /1 " + END + "GET /2 " + END + "GET /server " + END + "GET /3 " + END);
      assertThat(List.of(client.answer(), client.answer(), client.answer(), client.answer()))
          .containsExactly("plain /1", "plain /2", "server /server", "server /3");
      assertThat(client.answer("GET /4 " + END)).isEqualTo("plain /4");
    }
  }

  @Test
  @DisplayName("a plain request waits for the answer that the server owes")
  void waitsForTheServer() throws Exception {
    try (var client = new Client()) {
      client.write("GET /server?late " + END);
      Thread.sleep(20);
      client.write("GET /1 " + END);

      assertThat(client.answer()).isEqualTo("server /server?late");
      assertThat(client.answer()).matches("(plain|server) /1"); // plain if the answer was first
      assertThat(client.answer("GET /2 " + END)).isEqualTo("plain /2");
    }
  }

  @Test
  @DisplayName("a request may arrive in two parts, cut anywhere")
  void cutAnywhere() throws Exception {
    var requests = "GET /1 " + END + "GET /2 " + END;
    for (var cut = 1; cut < requests.length(); cut++) {
      try (var client = new Client()) {
        client.write(requests.substring(0, cut));
        Thread.sleep(3);
        client.write(requests.substring(cut));

        assertThat(client.answer()).as("cut at %d", cut).matches("(plain|server) /1");
        assertThat(client.answer()).as("cut at %d", cut).matches("(plain|server) /2");
        assertThat(client.answer("GET /3 " + END)).as("cut at %d", cut).isEqualTo("plain /3");
      }
    }
  }

  @Test
  @DisplayName("a connection with plain requests is not idle until they end")
  void plainRequestsAreNotIdle() {
    var channel = new EmbeddedChannel();
    channel.freezeTime();
    var events = new ArrayList<Object>();
    var lines = new HeaderLines(Duration.ofSeconds(10));
    channel
        .pipeline()
        .addLast(
            lines,
            new IdleStateHandler(0, 0, 10),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void userEventTriggered(ChannelHandlerContext context, Object event) {
                events.add(event);
              }
            })
        .addFirst(
            new PlainPath(
                new PlainPath.Parts(new PlainRequest(), PlainPathTest::plain, drain), lines, ""));

    for (var i = 0; i < 5; i++) {
      channel.writeInbound(Unpooled.copiedBuffer("GET /a " + END, StandardCharsets.US_ASCII));
      channel.advanceTimeBy(6, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
    }
    assertThat(events).isEmpty();

    channel.advanceTimeBy(6, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(events).containsExactly(IdleStateEvent.FIRST_ALL_IDLE_STATE_EVENT);
    channel.finishAndReleaseAll();
  }

  @Test
  @DisplayName("during the drain the server answers, and closes the connection")
  void theServerAnswersDuringTheDrain() throws IOException {
    try (var client = new Client()) {
      assertThat(client.answer("GET /a " + END)).isEqualTo("plain /a");
      drain.begin();

      assertThat(client.answer("GET /b " + END)).isEqualTo("server /b");
      assertThat(client.answer()).isEqualTo("closed");
    }
  }
}
