package clicktide.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import clicktide.embedded.EmbeddedServers.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("O4: embedded servers")
class EmbeddedServersTest {
  @TempDir Path data;

  @Test
  @DisplayName("keep their data when they are killed, and are started again")
  void keepTheirDataWhenTheyAreKilled() throws Exception {
    try (var servers = EmbeddedServers.start(data, EnumSet.allOf(Kind.class))) {
      execute(servers, "CREATE TABLE kept (n int)");
      execute(servers, "INSERT INTO kept VALUES (7)");
      var mine = ProcessHandle.allProcesses().filter(this::namesTheFolder).toList();
      assertThat(mine).hasSizeGreaterThanOrEqualTo(3);

      mine.forEach(ProcessHandle::destroyForcibly);

      await("the servers answer again")
          .atMost(Duration.ofSeconds(90))
          .until(() -> mine.stream().noneMatch(ProcessHandle::isAlive) && answers(servers));
      assertThat(ProcessHandle.allProcesses().filter(this::namesTheFolder)).isNotEmpty();
    }
    assertThat(ProcessHandle.allProcesses().filter(this::namesTheFolder)).isEmpty();
  }

  @Test
  @DisplayName("never end another PostgreSQL, even of the same program")
  void neverEndOthers() throws Exception {
    try (var servers = EmbeddedServers.start(data, EnumSet.of(Kind.POSTGRES))) {
      var others =
          ProcessHandle.allProcesses()
              .filter(this::namesTheFolder)
              .filter(one -> one.info().command().filter(c -> c.endsWith("postgres")).isPresent())
              .findFirst()
              .orElseThrow();
      var home = Path.of(others.info().command().orElseThrow()).getParent().getParent();

      try (var mine = Child.start(new PostgresServer(data.resolve("mine"), home, Ports.any()))) {
        assertThat(mine).isNotNull();
      }

      assertThat(others.isAlive()).isTrue();
      execute(servers, "SELECT 1");
    }
  }

  @Test
  @DisplayName("refuse Kafka clients without the password, which only their user can read")
  void refuseKafkaClientsWithoutThePassword() throws Exception {
    try (var servers = EmbeddedServers.start(data, EnumSet.of(Kind.KAFKA))) {
      var client = servers.endpoints().kafka();
      var without = Map.of("bootstrap.servers", client.get("bootstrap.servers"));
      var wrong = new HashMap<>(client);
      wrong.put("sasl.jaas.config", KafkaNode.login("another") + ";");
      var controller = "127.0.0.1:" + controllerPort();

      assertThat(canAsk(client)).isTrue();
      assertThat(canAsk(without)).isFalse();
      assertThat(canAsk(wrong)).isFalse();
      assertThat(canAsk(Map.of("bootstrap.controllers", controller))).isFalse();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwordFile())))
          .isEqualTo("rw-------");
      assertThat(ProcessHandle.allProcesses().flatMap(one -> one.info().commandLine().stream()))
          .noneMatch(line -> line.contains(password()));
    }
  }

  private Path passwordFile() {
    return data.resolve("kafka.password");
  }

  private String password() {
    try {
      return Files.readString(passwordFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String controllerPort() {
    var arguments =
        ProcessHandle.allProcesses()
            .filter(this::namesTheFolder)
            .filter(one -> one.info().command().filter(c -> c.endsWith("java")).isPresent())
            .findFirst()
            .flatMap(one -> one.info().arguments())
            .orElseThrow();
    return arguments[arguments.length - 1];
  }

  private static boolean canAsk(Map<String, String> kafka) throws Exception {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("default.api.timeout.ms", "3000");
    settings.put("request.timeout.ms", "2000");
    try (var admin = Admin.create(settings)) {
      return !admin.describeCluster().nodes().get().isEmpty();
    } catch (ExecutionException _) {
      return false;
    }
  }

  private boolean namesTheFolder(ProcessHandle process) {
    return process.info().commandLine().filter(line -> line.contains(data.toString())).isPresent();
  }

  private static boolean answers(EmbeddedServers servers) {
    try {
      execute(servers, "SELECT 1 / count(*) FROM kept");
      return true;
    } catch (SQLException _) {
      return false;
    }
  }

  private static void execute(EmbeddedServers servers, String sql) throws SQLException {
    var uri = URI.create(servers.endpoints().postgres());
    var login = uri.getUserInfo().split(":", 2);
    var jdbc = "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(uri.getPort());
    try (var connection = DriverManager.getConnection(jdbc, login[0], login[1]);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
