package clicktide.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * One call of a statement: its text and the values of its parameters. Each parameter needs exactly
 * one value; {@link IllegalStateException} at the execution if one is missing. For one thread.
 */
public final class SqlStatement {
  private final NamedSql sql;
  private final Map<String, Object> values = new HashMap<>();

  SqlStatement(NamedSql sql) {
    this.sql = sql;
  }

  /** Gives a parameter its value; {@link IllegalArgumentException} if the text does not name it. */
  public SqlStatement with(String name, Object value) {
    if (!sql.names().contains(name)) {
      throw new IllegalArgumentException(
          "The statement has no parameter `%s`: %s".formatted(name, sql.text()));
    }
    if (values.containsKey(name)) {
      throw new IllegalArgumentException("The parameter `%s` has two values.".formatted(name));
    }
    values.put(name, value);
    return this;
  }

  /** Executes the statement, prepared. */
  public Future<RowSet<Row>> on(SqlClient client) {
    return client.preparedQuery(text()).execute(parameters());
  }

  /** Prepares the statement on a JDBC connection, with all values set. The caller closes it. */
  public PreparedStatement prepare(Connection connection) throws SQLException {
    var statement = connection.prepareStatement(sql.jdbcText());
    var position = 0;
    for (var name : sql.occurrences()) {
      statement.setObject(++position, value(name));
    }
    return statement;
  }

  /** Returns the text with numbered parameters. */
  public String text() {
    return sql.text();
  }

  /** Returns the values in the order of the numbers. */
  public Tuple parameters() {
    var parameters = Tuple.tuple();
    sql.names().forEach(name -> parameters.addValue(value(name)));
    return parameters;
  }

  private Object value(String name) {
    if (!values.containsKey(name)) {
      throw new IllegalStateException("The parameter `%s` has no value.".formatted(name));
    }
    return values.get(name);
  }
}
