package clicktide.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CSV")
class CsvTest {
  /** The characters that OWASP lists for CSV injection. */
  @ParameterizedTest
  @ValueSource(
      strings = {"=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "'x", "＝"})
  @DisplayName("has no cell that a spreadsheet takes for a formula, and reading restores it")
  void hasNoFormula(String cell) {
    var written = Csv.write(List.of("title"), List.of(List.of(cell)));

    assertThat(written.lines().skip(1).findFirst().orElseThrow().replace("\"", "")).startsWith("'");
    assertThat(Csv.read(written, 1, true)).containsExactly(Map.of("title", cell));
  }
}
