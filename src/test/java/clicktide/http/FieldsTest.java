package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The fields of a body")
class FieldsTest {
  private static Fields fields(String json) {
    return Fields.of(Json.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  private static Optional<?> read(Fields fields, String type) {
    return switch (type) {
      case "text" -> fields.text("a", 3);
      case "texts" -> fields.texts("a", 2, 3);
      case "number" -> fields.number("a", 1, 9);
      case "integer" -> fields.integer("a");
      case "flag" -> fields.flag("a");
      case "instant" -> fields.instant("a");
      case "object" -> fields.object("a");
      default -> throw new IllegalArgumentException(type);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "text    | 7            | not_a_text      | `a` must be a text of at most 3 characters.",
        "text    | 'long'       | too_long        | `a` must be a text of at most 3 characters.",
        "texts   | 'x'          | not_a_list      | `a` must be a list of at most 2 texts.",
        "texts   | ['x','y','z']| not_a_list      | `a` must be a list of at most 2 texts.",
        "texts   | ['x',1]      | not_a_text      | `a` must contain only texts of at most 3 characters.",
        "texts   | ['long']     | not_a_text      | `a` must contain only texts of at most 3 characters.",
        "number  | 10           | invalid_number  | `a` must be an integer from 1 to 9.",
        "number  | 1.5          | invalid_number  | `a` must be an integer from 1 to 9.",
        "number  | 1e30         | invalid_number  | `a` must be an integer from 1 to 9.",
        "integer | 99999999999  | invalid_integer | `a` must be an integer.",
        "flag    | 'true'       | not_a_flag      | `a` must be true or false.",
        "instant | 7            | not_a_text      | `a` must be a text of at most 64 characters.",
        "instant | 'noon'       | invalid_time    | `a` must be an RFC 3339 time from 1970 to 9998.",
        "instant | '1969-12-31T00:00:00Z' | invalid_time | `a` must be an RFC 3339 time from 1970 to 9998.",
        "object  | []           | not_an_object   | `a` must be an object."
      })
  @DisplayName("that are wrong have a stable code and a sentence with their name")
  void thatAreWrong(String type, String value, String code, String detail) {
    var fields = fields("{'a': " + value + "}");

    assertThat(read(fields, type)).isEmpty();
    assertThat(fields.faults().list()).containsExactly(new Problem.Fault("a", code, detail));
  }

  @ParameterizedTest
  @CsvSource({"text", "texts", "number", "integer", "flag", "instant", "object"})
  @DisplayName("that are absent or null are empty without a fault")
  void thatAreAbsent(String type) {
    for (var json : List.of("{}", "{'a': null}")) {
      var fields = fields(json);
      assertThat(read(fields, type)).isEmpty();
      fields.finish();
    }
  }

  @Test
  @DisplayName("that are right are read")
  void thatAreRight() {
    var fields =
        fields(
            "{'t': 'abc', 'l': ['x'], 'n': 9, 'f': false, 'i': '2026-05-03T14:00:00+02:00', 'o': {}}");

    assertThat(fields.text("t", 3)).contains("abc");
    assertThat(fields.texts("l", 2, 3)).contains(List.of("x"));
    assertThat(fields.number("n", 1, 9)).contains(9L);
    assertThat(fields.flag("f")).contains(false);
    assertThat(fields.instant("i")).contains(Instant.parse("2026-05-03T12:00:00Z"));
    assertThat(fields.object("o")).isPresent();
    fields.finish();
  }

  @Test
  @DisplayName("that are at fault are listed up to twenty; one more entry counts the others")
  void faultsAreBounded() {
    var object = Json.object();
    for (var i = 0; i < 60_000; i++) {
      object.put("f" + i, 1);
    }

    assertThatThrownBy(Fields.of(object)::finish)
        .isInstanceOfSatisfying(
            Problem.Raised.class,
            raised -> {
              var errors = raised.problem().errors();
              assertThat(errors).hasSize(21);
              assertThat(errors.get(19).field()).isEqualTo("f19");
              assertThat(errors.getLast())
                  .isEqualTo(
                      new Problem.Fault("", "more_faults", "59980 more faults are left out."));
            });
  }

  @Test
  @DisplayName("that are unknown are faults, also in an object, and all faults come together")
  void allFaultsComeTogether() {
    var fields = fields("{'a': 7, 'o': {'b': 7, 'c': 1}, 'd': 1}");
    fields.text("a", 3);
    var object = fields.object("o").orElseThrow();
    object.text("b", 3);
    object.refuseOthers();

    assertThatThrownBy(fields::finish)
        .isInstanceOfSatisfying(
            Problem.Raised.class,
            raised -> {
              var problem = raised.problem();
              assertThat(problem.status()).isEqualTo(422);
              assertThat(problem.detail()).isEqualTo("`a` must be a text of at most 3 characters.");
              assertThat(problem.errors())
                  .extracting(Problem.Fault::field, Problem.Fault::detail)
                  .containsExactly(
                      tuple("a", "`a` must be a text of at most 3 characters."),
                      tuple("o.b", "`o.b` must be a text of at most 3 characters."),
                      tuple("o.c", "`o.c` is not a field of this object."),
                      tuple("d", "`d` is not a field of this object."));
            });
  }
}
