package clicktide.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Texts by their bytes")
class TextCacheTest {
  private final TextCache cache = new TextCache(4); // so that texts share places

  @Test
  @DisplayName("a text is always that of its bytes, also if another one has its place")
  void aTextIsThatOfItsBytes() throws CharacterCodingException {
    var random = new Random(5);
    for (var i = 0; i < 20_000; i++) {
      var text = "ü😀 text ".repeat(random.nextInt(3)) + random.nextInt(40);
      var bytes = ("x" + text + "y").getBytes(StandardCharsets.UTF_8);

      assertThat(cache.text(bytes, 1, bytes.length - 2)).isEqualTo(text);
    }
  }

  @Test
  @DisplayName("a usual text is made once")
  void aUsualTextIsMadeOnce() throws CharacterCodingException {
    var bytes = "Mozilla/5.0".getBytes(StandardCharsets.UTF_8);

    assertThat(cache.text(bytes, 0, 11)).isSameAs(cache.text(bytes.clone(), 0, 11));
  }

  @Test
  @DisplayName("bytes that are no UTF-8 are refused, and the replacement character is not")
  void noUtf8() throws CharacterCodingException {
    var replacement = "a\ufffdb".getBytes(StandardCharsets.UTF_8);

    assertThat(cache.text(replacement, 0, replacement.length)).isEqualTo("a\ufffdb");
    assertThatThrownBy(() -> cache.text(new byte[] {'a', -1}, 0, 2))
        .isInstanceOf(CharacterCodingException.class);
  }
}
