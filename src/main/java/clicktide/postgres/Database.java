package clicktide.postgres;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * The address of a PostgreSQL, and the two ways to it: a Vert.x pool for questions and small
 * writes, JDBC for migrations, bulk load and procedures that commit by themselves.
 */
public final class Database {
  private final String host;
  private final int port;
  private final String name;
  private final String user;
  private final String password;

  private Database(URI uri) {
    host = uri.getHost();
    port = uri.getPort() < 0 ? 5432 : uri.getPort();
    name = uri.getPath().length() > 1 ? uri.getPath().substring(1) : "postgres";
    var login = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
    var colon = login.indexOf(':');
    user = URLDecoder.decode(colon < 0 ? login : login.substring(0, colon), StandardCharsets.UTF_8);
    password =
        colon < 0 ? "" : URLDecoder.decode(login.substring(colon + 1), StandardCharsets.UTF_8);
  }

  /** {@code postgresql://user:password@host:port/database}. */
  public static Database at(URI uri) {
    return new Database(uri);
  }

  /** A pool for up to {@code size} questions at a time; each waits at most five seconds. */
  public Pool pool(Vertx vertx, int size) {
    var connect =
        new PgConnectOptions()
            .setHost(host)
            .setPort(port)
            .setDatabase(name)
            .setUser(user)
            .setPassword(password)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheSqlLimit(8_192) // chars; longer: parsed each time
            .setPipeliningLimit(16)
            .addProperty("application_name", "clicktide")
            .addProperty("statement_timeout", "30000")
            .addProperty("idle_in_transaction_session_timeout", "15000")
            .addProperty("jit", "off") // costs seconds where a plan names hundreds of chunks
            .addProperty("plan_cache_mode", "force_custom_plan"); // or it names all of them
    var options =
        new PoolOptions()
            .setMaxSize(size)
            .setEventLoopSize(1) // of its own: large answers must not hold up redirects
            .setConnectionTimeout(5)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    return PgBuilder.pool()
        .connectingTo(connect)
        .with(options)
        .with(new NetClientOptions().setConnectTimeout(2_000))
        .using(vertx)
        .build();
  }

  /** A connection of its own, with autocommit. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl(), properties());
  }

  /**
   * A connection for short transactions that others wait for: if its owner is stopped or its
   * network is cut in the middle, the server gives its locks up, and nobody waits for the server
   * for ever.
   */
  public Connection connectToWrite() throws SQLException {
    var properties = properties();
    properties.setProperty("socketTimeout", "60");
    properties.setProperty(
        "options",
        "-c idle_in_transaction_session_timeout=15s -c lock_timeout=5s -c statement_timeout=50s");
    return DriverManager.getConnection(jdbcUrl(), properties);
  }

  String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s".formatted(host, port, name);
  }

  private Properties properties() {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("ApplicationName", "clicktide");
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("tcpKeepAlive", "true");
    return properties;
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }
}
