package clicktide.faults;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import clicktide.deploy.Installation;
import clicktide.deploy.Main;
import clicktide.embedded.TestServers;
import clicktide.kafka.KafkaCluster;
import clicktide.settings.Settings;
import clicktide.store.AccessRefused;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@DisplayName("The start without a store")
@Timeout(180)
class StartTest {
  @TempDir Path folder;
  private Installation here;
  private final Map<String, String> environment = new HashMap<>();
  private final List<String> roles = new ArrayList<>();
  private final CompletableFuture<Main> product = new CompletableFuture<>();
  private final Thread start =
      Thread.ofPlatform()
          .unstarted(
              () -> {
                try {
                  product.complete(run());
                } catch (Exception e) {
                  product.completeExceptionally(e);
                }
              });

  private final Logger logger = (Logger) LoggerFactory.getLogger("clicktide.deploy.StartupRetry");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void install() {
    here = new Installation(folder.resolve("data"));
    environment.put("CLICKTIDE_ADMIN_KEY", "admin-key-of-the-start-test-0123456789");
    environment.put("CLICKTIDE_DRAIN_SECONDS", "0");
    environment.put("CLICKTIDE_MIGRATE", "true"); // no other process migrates the new database
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void end() throws Exception {
    logger.detachAppender(lines);
    start.interrupt();
    start.join();
    if (product.isDone() && !product.isCompletedExceptionally()) {
      product.join().close();
    }
  }

  private Main run() throws Exception {
    var arguments = new ArrayList<>(roles);
    arguments.addAll(here.arguments());
    return Main.start(Settings.from(environment, arguments), Clock.systemUTC());
  }

  private String readiness() throws InterruptedException {
    try {
      var answer = here.management("/health/ready");
      return answer.statusCode() + " " + answer.body();
    } catch (IOException _) {
      return "";
    }
  }

  private void awaitReadiness(String text) {
    eventually("readiness is " + text).until(() -> readiness().contains(text));
  }

  private static URI at(String address, int port) {
    return URI.create(address.replaceFirst(":[0-9]+(?=/|$)", ":" + port));
  }

  private static String postgres() {
    return TestServers.freshDatabase(TestServers.endpoints().postgres());
  }

  private static String redis() {
    return TestServers.endpoints().redis();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redirect    | kafka, postgres",
        "ingest      | kafka, postgres",
        "management  | postgres",
        "aggregation | kafka, postgres, redis",
        "query       | postgres, redis"
      })
  @DisplayName("waits for PostgreSQL in one sentence, and the health names the missing stores")
  void waits(String role, String missing) {
    roles.add(role);
    var closed = TestServers.freePort();
    environment.put("CLICKTIDE_KAFKA", "127.0.0.1:" + closed);
    environment.put("CLICKTIDE_REDIS", "redis://127.0.0.1:" + closed);
    environment.put("CLICKTIDE_POSTGRES", "postgresql://a:b@127.0.0.1:%d/a".formatted(closed));

    start.start();

    awaitReadiness(
        "503 {\"status\":\"starting\",\"missing\":[\"%s\"]"
            .formatted(missing.replace(", ", "\",\"")));
    eventually("the log says what the start waits for").until(() -> !lines.list.isEmpty());
    assertThat(lines.list)
        .allSatisfy(
            line -> {
              assertThat(line.getFormattedMessage())
                  .startsWith("The start waits for a store: PostgreSQL does not answer: ");
              assertThat(line.getThrowableProxy()).isNull();
            });
    assertThat(product).isNotDone();
  }

  @Test
  @DisplayName("ends when PostgreSQL answers; a query node needs no Kafka")
  void goesOn() throws Exception {
    roles.add("query");
    var database = postgres();
    var port = TestServers.freePort();
    environment.put("CLICKTIDE_REDIS", redis());
    environment.put("CLICKTIDE_POSTGRES", at(database, port).toString());
    start.start();
    eventually("the start waits").until(() -> !lines.list.isEmpty());

    try (var _ = new Proxy(port, URI.create(database).getPort(), "nothing")) {
      awaitReadiness("200 {\"status\":\"ok\",\"missing\":[]");
      product.join().close();
    }
  }

  @Test
  @DisplayName("waits in one sentence when PostgreSQL ends while keys and first links are stored")
  void postgresEndsWhileKeysAreStored() throws Exception {
    var database = postgres();
    roles.add("management");
    environment.remove("CLICKTIDE_ADMIN_KEY");
    try (var proxy = new Proxy(URI.create(database).getPort(), "COMMIT")) {
      environment.put("CLICKTIDE_POSTGRES", at(database, proxy.port()).toString());
      // After the migrations: the commit of the administrator's key, and that of the first owner.
      when("Rollups are stored in", () -> proxy.cut(2));

      start.start();

      awaitReadiness("200 {\"status\":\"ok\",\"missing\":[]");
      assertThat(proxy.cuts()).isEqualTo(2);
      assertThat(lines.list)
          .hasSize(2)
          .allSatisfy(
              line -> {
                assertThat(line.getFormattedMessage())
                    .startsWith("The start waits for a store: A store does not answer: ");
                assertThat(line.getThrowableProxy()).isNull();
              });
      var admin = Files.readString(here.data.resolve("admin.key")).strip();
      assertThat(here.api(admin, "GET", "/v1/admin/nodes", "").statusCode()).isEqualTo(200);
      var owner = Files.readString(here.data.resolve("owner.key")).strip();
      assertThat(here.api(owner, "GET", "/v1/links", "").body()).containsOnlyOnce("\"code\":");
      product.join().close();
    }
  }

  @Test
  @DisplayName("waits for Kafka in one sentence")
  void waitsForKafka() {
    roles.add("redirect");
    var closed = TestServers.freePort();
    environment.put("CLICKTIDE_KAFKA", "127.0.0.1:" + closed);
    environment.put("CLICKTIDE_POSTGRES", postgres());

    start.start();

    eventually("the log says what the start waits for").until(() -> !lines.list.isEmpty());
    assertThat(lines.list.getFirst().getFormattedMessage())
        .isEqualTo(
            "The start waits for a store: Kafka does not answer at 127.0.0.1:%d".formatted(closed));
    awaitReadiness("503 {\"status\":\"starting\",\"missing\":[\"kafka\"]");
  }

  @Test
  @DisplayName("waits in one sentence for as many brokers as a partition has replicas")
  void waitsForBrokers() {
    roles.add("redirect");
    environment.putAll(TestServers.freshSettings());
    environment.put("CLICKTIDE_REPLICATION", "2"); // there is one broker

    start.start();

    eventually("the log says what the start waits for").until(() -> !lines.list.isEmpty());
    assertThat(lines.list.getFirst().getFormattedMessage())
        .isEqualTo(
            "The start waits for a store: Kafka has fewer brokers than CLICKTIDE_REPLICATION asks for");
  }

  @Test
  @DisplayName("with a snapshot, short links are answered once the log knows the new start (E3)")
  void logKnowsStart() throws Exception {
    roles.add("redirect");
    environment.putAll(TestServers.freshSettings());
    run().close(); // writes the snapshot
    var records = records();
    var closed = "postgresql://a:b@127.0.0.1:%d/a".formatted(TestServers.freePort());
    environment.put("CLICKTIDE_POSTGRES", closed); // nothing but the announcement is sent

    start.start();

    eventually("short links are answered").until(this::isAnswering);
    assertThat(records()).isEqualTo(records + 2);
  }

  private boolean isAnswering() throws InterruptedException {
    try {
      here.follow("no-such-link"); // any response
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** Returns how many records all partitions of the log have got. */
  private long records() throws Exception {
    var kafka = new KafkaCluster(TestServers.endpoints().kafka());
    var topic = environment.get("CLICKTIDE_NAME") + ".events";
    try (var admin = Admin.create(kafka.client(Map.of()))) {
      var latest =
          Map.of(
              new TopicPartition(topic, 0), OffsetSpec.latest(),
              new TopicPartition(topic, 1), OffsetSpec.latest());
      return admin.listOffsets(latest).all().get().values().stream()
          .mapToLong(ListOffsetsResultInfo::offset)
          .sum();
    }
  }

  @Test
  @DisplayName("does not wait for Redis, which is missing in the health")
  void goesOnWithoutRedis() {
    roles.add("query");
    environment.put("CLICKTIDE_REDIS", "redis://127.0.0.1:" + TestServers.freePort());
    environment.put("CLICKTIDE_POSTGRES", postgres());

    start.start();

    awaitReadiness("200 {\"status\":\"degraded\",\"missing\":[\"redis\"]");
  }

  @Test
  @DisplayName("without Redis, the health of the aggregation names the cause")
  void aggregationWithoutRedis() {
    roles.add("aggregation");
    kafka();
    environment.put("CLICKTIDE_REDIS", "redis://127.0.0.1:" + TestServers.freePort());
    environment.put("CLICKTIDE_POSTGRES", postgres());

    start.start();

    awaitReadiness("\"live sink\":\"A store does not answer: ");
    awaitReadiness("\"missing\":[\"redis\"]"); // Kafka is checked and answers
  }

  private void kafka() {
    assumeTrue(
        TestServers.endpoints().kafka().containsKey("sasl.jaas.config"),
        "The Kafka of the tests has no login");
    var settings = TestServers.settings(TestServers.endpoints());
    settings.keySet().removeIf(name -> !name.startsWith("CLICKTIDE_KAFKA"));
    environment.putAll(settings);
  }

  /** Executes a step when the start writes a line to the log, before it goes on. */
  private static void when(String line, Runnable step) {
    var stores = (Logger) LoggerFactory.getLogger("clicktide.deploy.Stores");
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (event.getFormattedMessage().startsWith(line)) {
              stores.detachAppender(this);
              step.run();
            }
          }
        };
    appender.setContext(stores.getLoggerContext());
    appender.start();
    stores.addAppender(appender);
  }

  private void assertRefused(String sentence) {
    assertThatThrownBy(this::run)
        .isInstanceOf(AccessRefused.class)
        .hasMessageStartingWith(sentence);
  }

  @Test
  @DisplayName("a wrong password of PostgreSQL is an error in one sentence")
  void wrongPasswordOfPostgres() {
    roles.add("management");
    environment.put(
        "CLICKTIDE_POSTGRES", postgres().replaceFirst("//([^:]*):[^@]*@", "//$1:wrong@"));

    assertRefused("PostgreSQL refuses the login or a permission: ");
  }

  @Test
  @DisplayName("a wrong password of Redis is an error in one sentence")
  void wrongPasswordOfRedis() {
    roles.add("query");
    environment.put("CLICKTIDE_REDIS", redis().replaceFirst("//([^@]*@)?", "//:wrong@"));
    environment.put("CLICKTIDE_POSTGRES", postgres());

    assertRefused("Redis refuses the login or a permission: ");
  }

  @Test
  @DisplayName("a wrong password of Kafka is an error in one sentence")
  void wrongPasswordOfKafka() {
    roles.add("redirect");
    kafka();
    environment.put("CLICKTIDE_KAFKA_PASSWORD", "wrong");
    environment.put("CLICKTIDE_POSTGRES", postgres());

    assertRefused("Kafka refuses the login or a permission: ");
  }
}
