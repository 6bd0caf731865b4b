package clicktide.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.embedded.EmbeddedServers;
import clicktide.embedded.EmbeddedServers.Kind;
import clicktide.embedded.TestCertificates;
import clicktide.embedded.TestServers;
import clicktide.settings.Settings;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The two clients of PostgreSQL")
@Timeout(120)
class DatabaseTest {
  private static final Vertx vertx = Vertx.vertx();
  private static TestCertificates certificates;
  private static TestCertificates others;
  private static EmbeddedServers standby;
  private static EmbeddedServers primary;
  private static String password;

  /** Starts two servers with one password. The first accepts no writes, and the second has TLS. */
  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    certificates = TestCertificates.in(folder.resolve("certificates"));
    others = TestCertificates.in(folder.resolve("others"));
    primary =
        EmbeddedServers.start(
            folder.resolve("primary"),
            EnumSet.of(Kind.POSTGRES),
            "fsync=off",
            "ssl=on",
            "ssl_cert_file=" + certificates.certificate(),
            "ssl_key_file=" + certificates.key());
    password = Files.readString(folder.resolve("primary").resolve("postgres.password"));
    var file = Files.createDirectories(folder.resolve("standby")).resolve("postgres.password");
    Files.writeString(file, password);
    standby =
        EmbeddedServers.start(
            folder.resolve("standby"),
            EnumSet.of(Kind.POSTGRES),
            "fsync=off",
            "default_transaction_read_only=on");
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
    standby.close();
    primary.close();
  }

  private static int port(EmbeddedServers server) {
    return URI.create(server.endpoints().postgres()).getPort();
  }

  private static Database database(String hosts, String parameters) {
    var settings =
        Map.of(
            "CLICKTIDE_POSTGRES",
            "postgresql://clicktide@%s/postgres%s".formatted(hosts, parameters),
            "CLICKTIDE_POSTGRES_PASSWORD",
            password);
    return Settings.from(settings, List.of()).postgres().orElseThrow();
  }

  private static final String IS_ENCRYPTED =
      "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

  private static String jdbc(Database database, String question) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery(question)) {
      row.next();
      return row.getString(1);
    }
  }

  private static String pool(Database database, String question) {
    var rows = database.pool(vertx, "test", 1).query(question).execute().await();
    return rows.iterator().next().getString(0);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "127.0.0.1, ''                                  , false",
    "127.0.0.1, ?sslmode=disable                    , false",
    "127.0.0.1, ?sslmode=require                    , true",
    "127.0.0.1, ?sslmode=verify-full&sslrootcert=CA , true",
    "localhost, ?sslmode=verify-ca&sslrootcert=CA   , true",
    "localhost, ?sslmode=require&sslrootcert=CA     , true",
  })
  @DisplayName("encrypt as `sslmode` says")
  void encrypt(String host, String parameters, String isEncrypted) throws Exception {
    var given = parameters.replace("CA", certificates.authorities().toString());
    var database = database(host + ":" + port(primary), given);

    assertThat(jdbc(database, IS_ENCRYPTED)).isEqualTo(isEncrypted);
    assertThat(pool(database, IS_ENCRYPTED)).isEqualTo(isEncrypted);
    assertThatCode(() -> Migrations.migrate(database)).doesNotThrowAnyException();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({
    "127.0.0.1, ?sslmode=verify-ca&sslrootcert=OTHER",
    "127.0.0.1, ?sslmode=require&sslrootcert=OTHER",
    "localhost, ?sslmode=verify-full&sslrootcert=CA",
  })
  @DisplayName("refuse a server that does not prove its identity")
  void refuse(String host, String parameters) {
    var given =
        parameters
            .replace("CA", certificates.authorities().toString())
            .replace("OTHER", others.authorities().toString());
    var database = database(host + ":" + port(primary), given);

    assertThatThrownBy(() -> jdbc(database, IS_ENCRYPTED)).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> pool(database, IS_ENCRYPTED))
        .hasMessageContaining("SSL handshake failed");
  }

  @Test
  @DisplayName("refuse a server without TLS if `sslmode` demands it")
  void refuseWithoutTls() {
    var database = database("127.0.0.1:" + port(standby), "?sslmode=require");

    assertThatThrownBy(() -> jdbc(database, IS_ENCRYPTED)).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> pool(database, IS_ENCRYPTED)).isInstanceOf(Exception.class);
  }

  @Test
  @DisplayName("use the primary of several hosts")
  void useThePrimary() throws Exception {
    var closed = TestServers.freePort();
    var hosts =
        "127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d".formatted(closed, port(standby), port(primary));
    var database = database(hosts, "");

    assertThat(jdbc(database, "SHOW port")).isEqualTo(Integer.toString(port(primary)));
    assertThat(pool(database, "SHOW port")).isEqualTo(Integer.toString(port(primary)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "postgresql://",
        "mysql://u:secret@host/db",
        "postgresql://u:secret@host:x/db",
        "postgresql://u:secret@a,,b/db",
        "postgresql://u:secret@host/db?sslmode=prefer",
        "postgresql://u:secret@host/db?sslrootcert=/dev/null",
        "postgresql://u:secret@host/db?sslmode=require&sslrootcert=/nowhere",
        "postgresql://u:secret@host/db?sslmode=verify-full",
        "postgresql://u:secret@host/db?user=x",
      })
  @DisplayName("have an address that is checked, and no message repeats its password")
  void haveAnAddressThatIsChecked(String address) {
    assertThatThrownBy(() -> Settings.from(Map.of("CLICKTIDE_POSTGRES", address), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CLICKTIDE_POSTGRES is not valid")
        .hasMessageNotContaining("secret");
  }
}
