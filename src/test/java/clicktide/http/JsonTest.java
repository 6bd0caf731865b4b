package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Strict JSON")
class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1} x",
        "{\"a\":1}{}",
        "// c\n{}",
        "{\"a\":\"\\ud800\"}",
        "{\"\\udc00\":1}",
        "{\"a\":\"\\u0000\"}",
        "\uFEFF{}",
        "{'a':1}",
        "[NaN]",
        "[01]",
        "nul",
        "{\"a\":\"\t\"}"
      })
  @DisplayName("refuses what is not strict")
  void refusesWhatIsNotStrict(String text) {
    assertThatThrownBy(() -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            Problem.Raised.class, raised -> assertThat(raised.problem().status()).isEqualTo(400));
  }

  @Test
  @DisplayName("refuses bad UTF-8, depth, long keys and many values")
  void refusesWhatIsTooMuch() {
    for (var bytes :
        new byte[][] {
          {'"', (byte) 0xc3, '"'},
          {'"', (byte) 0xef, (byte) 0xbf, (byte) 0xbd, (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'},
          ("[".repeat(17) + "]".repeat(17)).getBytes(StandardCharsets.UTF_8),
          ("{\"" + "k".repeat(200) + "\":1}").getBytes(StandardCharsets.UTF_8),
          ("[" + "1,".repeat(140_000) + "1]").getBytes(StandardCharsets.UTF_8),
          ("[" + "9".repeat(100) + "]").getBytes(StandardCharsets.UTF_8)
        }) {
      assertThatThrownBy(() -> Json.parse(bytes)).isInstanceOf(Problem.Raised.class);
    }
  }

  @Test
  @DisplayName("takes the character that stands for damaged ones")
  void takesReplacementCharacters() {
    var parsed = Json.parse("{\"a\":\"\uFFFDé\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(parsed.path("a").textValue()).isEqualTo("\uFFFDé");
  }

  @Test
  @DisplayName("takes pairs of surrogates")
  void takesPairsOfSurrogates() {
    var parsed = Json.parse("{\"a\":\"\\ud83c\\udf0a\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(parsed.path("a").textValue()).isEqualTo("🌊");
  }
}
