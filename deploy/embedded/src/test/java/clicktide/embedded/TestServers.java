package clicktide.embedded;

import clicktide.embedded.EmbeddedServers.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Real servers for tests, started once for the JVM: those of {@code CLICKTIDE_TEST_KAFKA}, {@code
 * …_REDIS} and {@code …_POSTGRES}, else containers if a Docker engine answers, else embedded
 * servers. The log names the choice.
 */
public final class TestServers {
  private static final Logger log = LoggerFactory.getLogger(TestServers.class);

  /** These servers live as long as the JVM, so nothing has to survive a crash. */
  private static final String NOT_DURABLE = "fsync=off";

  static final List<String> TIMESCALE =
      List.of(
          "shared_preload_libraries=timescaledb",
          "timescaledb.telemetry_level=off",
          "timescaledb.license=timescale");

  private static final AtomicInteger NAMES = new AtomicInteger();

  private TestServers() {}

  private static final class Running {
    private static final Endpoints ENDPOINTS = start();
  }

  private static final class Timescale {
    private static final Optional<String> URI = startTimescale();
  }

  public static Endpoints endpoints() {
    return Running.ENDPOINTS;
  }

  /** The address of a TimescaleDB with the Community licence, if one is available. */
  public static Optional<String> timescale() {
    return Timescale.URI;
  }

  /** A name that is unique in this run. */
  public static String freshName(String prefix) {
    return prefix + "_" + ProcessHandle.current().pid() + "_" + NAMES.incrementAndGet();
  }

  /** A new, empty database on the same server. */
  public static String freshDatabase(String postgres) {
    return freshDatabase(postgres, "template0"); // TimescaleDB visits template1 at any time
  }

  /** A new copy of a database on the same server, to which nobody may be connected. */
  public static String freshDatabase(String postgres, String template) {
    var name = freshName("test");
    execute(postgres, "CREATE DATABASE %s TEMPLATE %s".formatted(name, template));
    return postgres.substring(0, postgres.lastIndexOf('/') + 1) + name;
  }

  /** A free port for a server that cannot listen on port 0. */
  public static int freePort() {
    return Ports.any();
  }

  private static Endpoints start() {
    var kafka = Optional.ofNullable(System.getenv("CLICKTIDE_TEST_KAFKA"));
    var redis = Optional.ofNullable(System.getenv("CLICKTIDE_TEST_REDIS"));
    var postgres = Optional.ofNullable(System.getenv("CLICKTIDE_TEST_POSTGRES"));
    if (kafka.isPresent() && redis.isPresent() && postgres.isPresent()) {
      log.info("The tests use external servers");
      return new Endpoints(plain(kafka.get()), redis.get(), postgres.get());
    }
    if (dockerAnswers()) {
      log.info("The tests use containers");
      return containers();
    }
    log.info("The tests use embedded servers");
    var folder = scratchFolder();
    var servers = EmbeddedServers.start(folder, EnumSet.allOf(Kind.class), NOT_DURABLE);
    closeAtTheEnd(servers, folder);
    return servers.endpoints();
  }

  private static boolean dockerAnswers() {
    var isThere =
        System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
    return isThere && DockerClientFactory.instance().isDockerAvailable();
  }

  @SuppressWarnings("resource") // they live as long as the JVM; Ryuk ends them
  private static Endpoints containers() {
    var kafka = new KafkaContainer(DockerImageName.parse("apache/kafka:4.3.1"));
    var redis = new GenericContainer<>(DockerImageName.parse("redis:7.2.8")).withExposedPorts(6379);
    var postgres = new PostgreSQLContainer(DockerImageName.parse("postgres:18.1"));
    Stream.of(kafka, redis, postgres).parallel().forEach(GenericContainer::start);
    return new Endpoints(
        plain(kafka.getBootstrapServers()),
        "redis://%s:%d".formatted(redis.getHost(), redis.getMappedPort(6379)),
        uri(postgres));
  }

  private static Map<String, String> plain(String kafka) {
    return Map.of("bootstrap.servers", kafka);
  }

  private static final Pattern PASSWORD = Pattern.compile(" password=\"([^\"]*)\"");

  /** Returns the settings of a product that uses servers of another process. */
  public static Map<String, String> settings(Endpoints servers) {
    var kafka = servers.kafka();
    var settings = new HashMap<String, String>();
    settings.put("CLICKTIDE_KAFKA", kafka.get("bootstrap.servers"));
    settings.put("CLICKTIDE_REDIS", servers.redis());
    settings.put("CLICKTIDE_POSTGRES", servers.postgres());
    var password = PASSWORD.matcher(kafka.getOrDefault("sasl.jaas.config", ""));
    if (password.find()) { // only embedded servers have a login
      settings.put("CLICKTIDE_KAFKA_SECURITY", kafka.get("security.protocol"));
      settings.put("CLICKTIDE_KAFKA_SASL_MECHANISM", kafka.get("sasl.mechanism"));
      settings.put("CLICKTIDE_KAFKA_USER", "clicktide");
      settings.put("CLICKTIDE_KAFKA_PASSWORD", password.group(1));
    }
    return settings;
  }

  /** Returns the settings of a new installation with a database on the PostgreSQL of this JVM. */
  public static Map<String, String> freshSettings() {
    return freshSettings(endpoints().postgres());
  }

  /**
   * Returns the settings of a new installation on the servers of this JVM: an empty database, names
   * of its own in Kafka and Redis, and two partitions.
   */
  public static Map<String, String> freshSettings(String postgres) {
    var settings = settings(endpoints());
    settings.replace("CLICKTIDE_POSTGRES", freshDatabase(postgres));
    settings.put("CLICKTIDE_NAME", freshName("test").replace('_', '-'));
    settings.put("CLICKTIDE_PARTITIONS", "2");
    return settings;
  }

  private static String uri(PostgreSQLContainer postgres) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(
            postgres.getUsername(),
            postgres.getPassword(),
            postgres.getHost(),
            postgres.getMappedPort(5432),
            postgres.getDatabaseName());
  }

  @SuppressWarnings("resource")
  private static Optional<String> startTimescale() {
    var named = System.getenv("CLICKTIDE_TEST_TIMESCALE");
    if (named != null) {
      log.info("The TimescaleDB tests use an external server");
      return Optional.of(named);
    }
    if (dockerAnswers()) {
      log.info("The TimescaleDB tests use a container");
      var image =
          DockerImageName.parse("timescale/timescaledb:2.29.2-pg17")
              .asCompatibleSubstituteFor("postgres");
      var container = new PostgreSQLContainer(image);
      container.start();
      return Optional.of(uri(container));
    }
    return installed().map(TestServers::startInstalled);
  }

  /** The newest installed PostgreSQL with the extension. */
  static Optional<Path> installed() {
    try (var versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .filter(home -> Files.exists(extensions(home).resolve("timescaledb.control")))
          .max(Comparator.comparingInt(home -> Integer.parseInt(home.getFileName().toString())));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Path extensions(Path home) {
    return Path.of("/usr/share/postgresql").resolve(home.getFileName()).resolve("extension");
  }

  /** The settings of a server whose files need not survive a crash of the machine. */
  static List<String> options(List<String> more) {
    return Stream.concat(Stream.of(NOT_DURABLE), more.stream()).toList();
  }

  private static String startInstalled(Path home) {
    try {
      var folder = scratchFolder();
      var server =
          new PostgresServer(folder, home, Ports.any(), options(TIMESCALE).toArray(String[]::new));
      var child = Child.start(server);
      closeAtTheEnd(child, folder);
      log.info("The TimescaleDB tests use a scratch cluster of {}", home);
      return server.uri();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new folder, for {@link #closeAtTheEnd}. */
  public static Path scratchFolder() {
    try {
      return Files.createTempDirectory("clicktide-test").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes a server and deletes its folder when the JVM ends. */
  public static void closeAtTheEnd(AutoCloseable server, Path folder) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    server.close();
                    try (var paths = Files.walk(folder)) {
                      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(path);
                      }
                    }
                  } catch (Exception e) {
                    log.debug("Not removed: {}", folder, e);
                  }
                }));
  }

  private static void execute(String postgres, String sql) {
    var uri = URI.create(postgres);
    var login = uri.getUserInfo().split(":", 2);
    var jdbc = "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), uri.getPort(), uri.getPath());
    try (var connection = DriverManager.getConnection(jdbc, login[0], login[1]);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
