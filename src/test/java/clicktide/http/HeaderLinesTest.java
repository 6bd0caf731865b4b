package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The inspection of header lines")
class HeaderLinesTest {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final String WHOLE = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  private final EmbeddedChannel channel = new EmbeddedChannel(new HeaderLines(DEADLINE));

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  @Test
  @DisplayName("closes a connection whose channel cannot be reached")
  void closesAConnectionWithoutChannel() {
    var calls = new ArrayList<String>();
    var connection =
        (HttpConnection)
            Proxy.newProxyInstance(
                HttpConnection.class.getClassLoader(),
                new Class<?>[] {HttpConnection.class},
                (_, method, _) -> {
                  calls.add(method.getName());
                  return Future.succeededFuture();
                });

    HeaderLines.inspect(connection, DEADLINE);

    assertThat(calls).containsExactly("close");
  }

  @Test
  @DisplayName(
      "closes a connection that has no decoder of HTTP or WebSocket, and passes no byte on")
  void closesAConnectionWithoutDecoder() {
    send(WHOLE);

    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.<Object>readInbound()).isNull();
  }

  @Test
  @DisplayName("closes a connection whose HTTP decoder receives something else than bytes")
  void closesAConnectionWithOtherMessages() {
    channel.pipeline().addLast(new HttpRequestDecoder());
    channel.writeInbound("a text");

    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.<Object>readInbound()).isNull();
  }

  @Test
  @DisplayName("finds the HTTP decoder by its class, whatever its name")
  void findsTheDecoderByItsClass() {
    channel.pipeline().addLast("another name", new HttpRequestDecoder());
    send(WHOLE);
    assertThat(channel.<Object>readInbound()).isNotNull();
    assertThat(channel.isOpen()).isTrue();

    send("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n");
    assertThat(channel.<ByteBuf>readOutbound().toString(StandardCharsets.US_ASCII))
        .startsWith("HTTP/1.1 400 ");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  @DisplayName("leaves the frames of a WebSocket alone")
  void leavesFramesAlone() {
    channel.pipeline().addLast("wsdecoder", new WebSocket13FrameDecoder(true, false, 100));
    channel.writeInbound(
        Unpooled.wrappedBuffer(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, ' '}));

    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.<Object>readInbound()).isNotNull();
  }

  private void advance(Duration by) {
    channel.advanceTimeBy(by.toNanos(), TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }

  private void decodeHttp() {
    channel.freezeTime();
    channel.pipeline().addLast(new HttpRequestDecoder());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"G", "\r", "\r\n\r\n", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\n"})
  @DisplayName("closes a connection whose header is incomplete ten seconds after its first byte")
  void closesALateHeader(String begin) {
    decodeHttp();
    advance(Duration.ofMinutes(1)); // before the first byte no deadline runs
    send(begin);
    advance(DEADLINE.minusMillis(1));
    assertThat(channel.isOpen()).isTrue();

    advance(Duration.ofMillis(1));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  @DisplayName("closes it as well when a byte arrives every two seconds, also in a later request")
  void closesADribblingConnection() {
    decodeHttp();
    send(WHOLE);
    for (var i = 0; i < 5; i++) {
      assertThat(channel.isOpen()).isTrue();
      send("G");
      advance(Duration.ofSeconds(2));
    }

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  @DisplayName("gives each request of a connection a deadline of its own")
  void givesEachRequestADeadline() {
    decodeHttp();
    send("GET / HTTP/1.1\r\n");
    advance(Duration.ofSeconds(9));
    send("Host: x\r\n\r\nGET / HT");
    advance(Duration.ofSeconds(9));
    assertThat(channel.isOpen()).isTrue();

    send("TP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
    advance(Duration.ofMinutes(1)); // a body has no deadline here
    send("12345");
    advance(Duration.ofMinutes(1));
    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.runScheduledPendingTasks()).as("no timer is left").isEqualTo(-1);
  }

  @Test
  @DisplayName("waits with the deadline while the server itself does not read")
  void waitsWhileTheServerDoesNotRead() {
    decodeHttp();
    send("GET / HT");
    channel.config().setAutoRead(false);
    advance(DEADLINE);
    assertThat(channel.isOpen()).isTrue();

    channel.config().setAutoRead(true);
    advance(DEADLINE);
    assertThat(channel.isOpen()).isFalse();
  }
}
