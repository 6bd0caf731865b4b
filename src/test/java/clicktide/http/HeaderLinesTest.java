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
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The inspection of header lines")
class HeaderLinesTest {
  private static final String WHOLE = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  private final EmbeddedChannel channel = new EmbeddedChannel(new HeaderLines());

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

    HeaderLines.inspect(connection);

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
}
