package clicktide.postgres;

import clicktide.postgres.PostgresAddress.Encryption;
import clicktide.postgres.PostgresAddress.ServerHost;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * The address of a PostgreSQL with the two clients for it. The Vert.x pool serves queries and small
 * writes. JDBC serves migrations, COPY and procedures that commit by themselves.
 */
public final class Database {
  /**
   * An expression for the incarnation of the database. A server loses changes only while it does
   * not run, or if files of its tables are replaced: after a restore, and after a failover to a
   * replica that lacks changes, the start or the file is another one (decision 0023).
   */
  public static final String INCARNATION =
      "pg_postmaster_start_time() || '/' || pg_relation_filenode('link')";

  private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);

  private final PostgresAddress address;

  private Database(PostgresAddress address) {
    this.address = address;
  }

  /**
   * Reads {@code postgresql://user:password@host:port/database}. It may have several hosts, of
   * which the primary is used, and the parameters {@code sslmode} and {@code sslrootcert} of libpq.
   * Throws {@link IllegalArgumentException} for other texts.
   */
  public static Database at(URI uri) {
    return new Database(PostgresAddress.of(uri));
  }

  /** Returns a pool whose statements end after 30 s; metrics have its name. */
  public Pool pool(Vertx vertx, String name, int size) {
    return pool(vertx, name, size, STATEMENT_TIMEOUT);
  }

  /**
   * Returns a pool of {@code size} connections. A query waits at most 5 s for a connection, and the
   * server ends a statement after {@code statementTimeout}.
   */
  public Pool pool(Vertx vertx, String name, int size, Duration statementTimeout) {
    var net = new NetClientOptions().setConnectTimeout(2_000);
    var options =
        new PoolOptions()
            .setName(name)
            .setMaxSize(size)
            .setEventLoopSize(1) // of its own, so that large results do not delay redirects
            .setConnectionTimeout(5)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    var servers = address.hosts().stream().map(host -> server(host, statementTimeout)).toList();
    var builder = PgBuilder.pool().with(options).with(net).using(vertx);
    return servers.size() == 1
        ? builder.connectingTo(servers.getFirst()).build()
        : builder.connectingTo(new PrimaryServer(vertx, servers, net)).build();
  }

  private PgConnectOptions server(ServerHost host, Duration statementTimeout) {
    var name = host.name().replaceAll("[\\[\\]]", ""); // of an IPv6 address
    return new PgConnectOptions()
        .setHost(name)
        .setPort(host.port())
        .setDatabase(address.database())
        .setUser(address.user())
        .setPassword(address.password())
        .setSslMode(SslMode.valueOf(address.encryption().name()))
        .setSslOptions(encryption())
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheSqlLimit(
            8_192) // characters; a longer statement is parsed each time
        .setPipeliningLimit(16)
        .addProperty("application_name", "clicktide")
        .addProperty("statement_timeout", Long.toString(statementTimeout.toMillis()))
        .addProperty("idle_in_transaction_session_timeout", "15000")
        .addProperty("jit", "off") // takes seconds for a plan with hundreds of chunks
        .addProperty("plan_cache_mode", "force_custom_plan"); // a generic plan has all chunks
  }

  private ClientSSLOptions encryption() {
    var options =
        new ClientSSLOptions()
            .setTrustAll(!address.encryption().verifies())
            .setHostnameVerificationAlgorithm(
                address.encryption() == Encryption.VERIFY_FULL ? "HTTPS" : "");
    address
        .authorities()
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    return options;
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
    return address.jdbcUrl();
  }

  private Properties properties() {
    var properties = new Properties();
    properties.setProperty("user", address.user());
    properties.setProperty("password", address.password());
    properties.setProperty("ApplicationName", "clicktide");
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("tcpKeepAlive", "true");
    return properties;
  }

  String user() {
    return address.user();
  }

  String password() {
    return address.password();
  }
}
