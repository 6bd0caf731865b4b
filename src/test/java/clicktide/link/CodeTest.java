package clicktide.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeTest {
  @Test
  void randomCodesAreValidAndDiffer() {
    var codes = new HashSet<String>();
    for (var i = 0; i < 1_000; i++) {
      codes.add(Code.random());
    }
    assertThat(codes).hasSize(1_000).allMatch(Code::isValid).allMatch(code -> code.length() >= 7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a/b",
        "a.b",
        "ａｂｃ",
        "%2e",
        "abc;x=1",
        "a\u0000b",
        "123456789012345678901234567890123"
      })
  void whatIsNoCodeIsRefused(String text) {
    assertThat(Code.isValid(text)).isFalse();
  }
}
