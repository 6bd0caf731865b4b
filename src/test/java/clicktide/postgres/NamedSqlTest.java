package clicktide.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NamedSqlTest {
  @Test
  @DisplayName("a name has one number, however often it appears")
  void names() {
    var sql = NamedSql.of("SELECT FROM t WHERE owner = :owner AND at > :from AND by = :owner");

    assertThat(sql.text()).isEqualTo("SELECT FROM t WHERE owner = $1 AND at > $2 AND by = $1");
    assertThat(sql.names()).containsExactly("owner", "from");
    assertThat(sql.jdbcText()).isEqualTo("SELECT FROM t WHERE owner = ? AND at > ? AND by = ?");
    assertThat(sql.occurrences()).containsExactly("owner", "from", "owner");
  }

  @Test
  @DisplayName("casts, array slices and literals name nothing, and comments are not sent")
  void colonsThatNameNothing() {
    var sql =
        NamedSql.of(
            """
            SELECT ':no' -- not :this, nor its apostrophe: '
            WHERE a[2:] = :many::bigint[] AND b::text = 'it''s :one'""");

    assertThat(sql.text())
        .isEqualTo("SELECT ':no' \nWHERE a[2:] = $1::bigint[] AND b::text = 'it''s :one'");
  }

  @Test
  @DisplayName("values are bound by name, in the order of the numbers, null among them")
  void values() {
    var statement =
        NamedSql.of("SELECT :b, :a, :b, :c").with("a", 1L).with("c", null).with("b", List.of());

    assertThat(statement.text()).isEqualTo("SELECT $1, $2, $1, $3");
    var parameters = statement.parameters();
    assertThat(parameters.size()).isEqualTo(3);
    assertThat(parameters.getValue(0)).isEqualTo(List.of());
    assertThat(parameters.getValue(1)).isEqualTo(1L);
    assertThat(parameters.getValue(2)).isNull();
  }

  @Test
  @DisplayName("a value that the text does not name, a second one and a missing one are refused")
  void wrongValues() {
    var sql = NamedSql.of("SELECT :a");

    assertThatThrownBy(() -> sql.with("b", 1)).hasMessageContaining("no parameter `b`");
    assertThatThrownBy(() -> sql.with("a", null).with("a", 1)).hasMessageContaining("two values");
    assertThatThrownBy(sql.call()::parameters).hasMessageContaining("`a` has no value");
  }
}
