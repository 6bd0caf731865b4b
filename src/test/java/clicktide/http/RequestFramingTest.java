package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.http.RequestFraming.Framing;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The framing of requests")
class RequestFramingTest {
  /** Reads a request in two parts, cut at {@code at}. */
  private static Framing read(String text, int at) {
    var framing = new RequestFraming();
    for (var part : new String[] {text.substring(0, at), text.substring(at)}) {
      var bytes = Unpooled.copiedBuffer(part, StandardCharsets.ISO_8859_1);
      if (framing.read(bytes) != Framing.ACCEPTED) {
        return Framing.MALFORMED;
      }
    }
    return Framing.ACCEPTED;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET  /a HTTP/1.1\r\nHost: x",
        "GET /a  HTTP/1.1\r\nHost: x",
        "GET /a b HTTP/1.1\r\nHost: x",
        "GET /a HTTP/1.1 \r\nHost: x",
        " GET /a HTTP/1.1\r\nHost: x",
        "GET\t/a\tHTTP/1.1\r\nHost: x",
        "GET /a\t HTTP/1.1\r\nHost: x",
        "GET /a HTTP/1.1\u000b\r\nHost: x",
        "GET /a\r\nHost: x",
        "                                                                      GET /a HTTP/1.1",
        "    \r\nGET /a HTTP/1.1",
        "GET /a HTTP/1.1\r\n: y",
        "GET /a HTTP/1.1\r\n:"
      })
  @DisplayName("is refused if the request line has not two blanks, or a header has no name")
  void isRefused(String text) {
    for (var at = 0; at < text.length(); at++) {
      assertThat(read(text + "\r\n\r\n", at)).isEqualTo(Framing.MALFORMED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a HTTP/1.1\r\nHost: x  y",
        "\r\n\r\nGET /a HTTP/1.1\r\nHost: x",
        "GET /\u00e9 HTTP/1.1\r\nHost: x",
        "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nHost: x"
      })
  @DisplayName("is accepted otherwise, also of several requests")
  void isAccepted(String text) {
    for (var at = 0; at < text.length(); at++) {
      assertThat(read(text + "\r\n\r\n", at)).isEqualTo(Framing.ACCEPTED);
    }
  }
}
