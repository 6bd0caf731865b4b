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
 * The address of a PostgreSQL with the two clients for it. The Vert.x pool serves queries and small
 * writes. JDBC serves migrations, COPY and procedures that commit by themselves.
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

  /** Reads {@code postgresql://user:password@host:port/database}. */
  public static Database at(URI uri) {
    return new Database(uri);
  }

  /** Returns a pool of {@code size} connections. A query waits at most 5 s for a connection. */
  public Pool pool(Vertx vertx, int size) {
    var connect =
        new PgConnectOptions()
            .setHost(host)
            .setPort(port)
            .setDatabase(name)
            .setUser(user)
            .setPassword(password)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheSqlLimit(
                8_192) // characters; a longer statement is parsed each time
            .setPipeliningLimit(16)
            .addProperty("application_name", "clicktide")
            .addProperty("statement_timeout", "30000")
            .addProperty("idle_in_transaction_session_timeout", "15000")
            .addProperty("jit", "off") // takes seconds for a plan with hundreds of chunks
            .addProperty("plan_cache_mode", "force_custom_plan"); // a generic plan has all chunks
    var options =
        new PoolOptions()
            .setMaxSize(size)
            .setEventLoopSize(1) // of its own, so that large results do not delay redirects
            .setConnectionTimeout(5)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    return PgBuilder.pool()
        .connectingTo(connect)
        .with(options)
        .with(new NetClientOptions().setConnectTimeout(2_000))
        .using(vertx)
        .build();
  }

  /** Opens a JDBC connection with autocommit. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl(), properties());
  }

  /**
   * Opens a JDBC connection for short transactions on which others wait. If this process or the
   * network stops in the middle, the server releases the locks. No side waits for ever.
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
