package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import clicktide.embedded.EmbeddedServers;
import clicktide.embedded.TestServers;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Sends personal data in every field that a client controls. Only the event log and the dead
 * letters may keep it, so the test searches everything else for it.
 */
@DisplayName("G19: personal data")
@Timeout(120)
class CanaryTest {
  private static final String ADDRESS = "203.0.113.77";
  private static final String ADDRESS_6 = "2001:db8:aaaa:1::77";
  private static final String AGENT = "CanaryBrowser/7.7 (canary-agent-5b1e)";
  private static final String TOKEN = "canary-token-91c2";
  private static final String MAIL = "canary@mail.example";
  private static final List<String> CANARIES =
      List.of(ADDRESS, ADDRESS_6, "canary-agent-5b1e", TOKEN, MAIL);

  @TempDir Path folder;

  /** Keeps all log lines and stack traces. */
  private static final class LogRecorder extends AppenderBase<ILoggingEvent> {
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      lines.add(event.getFormattedMessage());
      if (event.getThrowableProxy() != null) {
        lines.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
    }
  }

  @Test
  @DisplayName("is in no log, metric, header of a dead letter, Redis key or PostgreSQL row")
  void isFoundNowhere() throws Exception {
    var recorder = new LogRecorder();
    recorder.start();
    var ours = (Logger) LoggerFactory.getLogger("clicktide");
    var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    var level = ours.getLevel();
    root.addAppender(recorder);
    ours.setLevel(Level.DEBUG);
    try (var servers =
        EmbeddedServers.start(
            folder.resolve("servers"), EnumSet.allOf(EmbeddedServers.Kind.class))) {
      var endpoints = servers.endpoints();
      var here = new Installation(folder.resolve("data"));
      var settings = here.settings(TestServers.settings(endpoints));
      var product = Main.start(settings, Clock.systemUTC());
      try {
        plant(here, endpoints.kafka());
        assertNone("health", List.of(here.management("/health/ready").body()));
        assertNone("metrics", List.of(here.management("/metrics").body()));
        assertNone("the newest clicks", List.of(newest(here)));
      } finally {
        product.close();
      }
      assertNone("headers of dead letters", headers(deadLetters(endpoints.kafka())));
      assertNone("Redis", redis(endpoints.redis()));
      assertNone("PostgreSQL", postgres(endpoints.postgres()));
      var secrets = List.of(here.key("admin"), here.key("owner"));
      var kept = new ArrayList<>(recorder.lines);
      kept.addAll(postgres(endpoints.postgres()));
      kept.addAll(redis(endpoints.redis()));
      assertThat(kept).noneMatch(line -> secrets.stream().anyMatch(line::contains));
    } finally {
      root.detachAppender(recorder);
      ours.setLevel(level);
    }
    assertThat(recorder.lines).isNotEmpty();
    assertNone("logs", List.copyOf(recorder.lines));
  }

  private static void assertNone(String where, List<String> texts) {
    assertThat(texts).as(where).isNotEmpty();
    for (var canary : CANARIES) {
      assertThat(texts).as("%s in %s", canary, where).noneMatch(text -> text.contains(canary));
    }
  }

  private static void plant(Installation here, Map<String, String> kafka) throws Exception {
    var key = here.key("owner");
    var made =
        here.api(
            key,
            "POST",
            "/v1/links",
            "{\"destination\": \"https://example.com/\", \"code\": \"bird\"}");
    assertThat(made.statusCode()).isEqualTo(201);
    var referrer = "https://canary.example/inbox?token=%s&mail=%s".formatted(TOKEN, MAIL);
    for (var address : List.of(ADDRESS, ADDRESS_6)) {
      here.follow(
          "bird?utm_id=" + TOKEN,
          "X-Forwarded-For",
          address,
          "User-Agent",
          AGENT,
          "Referer",
          referrer,
          "X-Request-Id",
          TOKEN,
          "Cookie",
          "session=" + TOKEN);
      here.follow("nowhere", "X-Forwarded-For", address, "User-Agent", AGENT);
    }
    here.api(TOKEN, "GET", "/v1/links", "", "X-Forwarded-For", ADDRESS, "User-Agent", AGENT);
    here.api(key, "GET", "/v1/links?apikey=" + TOKEN, "");
    here.api(key, "GET", "/v1/links/bird/analytics?country=" + MAIL + "&tz=" + TOKEN, "");
    here.api(key, "POST", "/v1/links", "{\"%s\": \"%s\", ".formatted(TOKEN, MAIL));
    here.api("", "GET", "/v1/live?ticket=" + TOKEN, "");
    var event =
        "{\"eventId\": \"%s\", \"shortCode\": \"bird\", \"eventTime\": \"%s\", \"ip\": \"%s\", \"userAgent\": \"%s\", \"referrer\": \"%s\"}";
    var now = Clock.systemUTC().instant().toString();
    var events =
        List.of(
            event.formatted("e-1", now, ADDRESS, AGENT, referrer),
            event.formatted("e-1", now, ADDRESS_6, AGENT, referrer), // a conflict
            event.formatted(MAIL, now, ADDRESS, AGENT, referrer), // no id
            event.formatted("e-2", MAIL, ADDRESS, AGENT, referrer)); // no time
    var batch = "{\"events\": [%s]}".formatted(String.join(", ", events));
    assertThat(here.api(key, "POST", "/internal/click-events/batch", batch).statusCode())
        .isEqualTo(202);
    here.api(
        key,
        "POST",
        "/internal/click-events/batch",
        "not gzip " + MAIL,
        "Content-Encoding",
        "gzip");
    raw(here.port, "GET /%s HTTP/1.1\r\nHost: a\r\nHost: %s\r\n\r\n".formatted(TOKEN, MAIL));
    raw(here.apiPort, "GET /v1/links HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n".formatted(TOKEN));
    try (var producer =
        new KafkaProducer<byte[], byte[]>(
            Map.copyOf(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
      var poison = "poison %s %s".formatted(MAIL, ADDRESS).getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>("events", 0, null, poison)).get();
      producer.send(new ProducerRecord<>("events", 1, null, gzip(poison))).get();
    }
    eventually("3 clicks are counted").until(() -> counted(here) >= 3);
    eventually("the poison and the conflict of an id are dead letters")
        .until(() -> deadLetters(kafka).size() >= 3);
  }

  private static int counted(Installation here) throws Exception {
    var path = "/v1/links/bird/analytics?interval=1h&bucket=total&dimensions=country";
    var body = here.api(here.key("owner"), "GET", path, "").body();
    return Integer.parseInt(body.replaceAll("(?s).*?\"total\":(\\d+).*", "$1"));
  }

  private static String newest(Installation here) throws Exception {
    return here.api(here.key("owner"), "GET", "/v1/links/bird/events", "").body();
  }

  private static byte[] gzip(byte[] bytes) throws Exception {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static void raw(int port, String text) throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getInputStream().read();
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> deadLetters(Map<String, String> kafka) {
    var letters = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>copyOf(kafka),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor("dead-letters").stream()
              .map(one -> new TopicPartition(one.topic(), one.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var count =
          consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
      while (letters.size() < count) {
        consumer.poll(Duration.ofSeconds(1)).forEach(letters::add);
      }
    }
    return letters;
  }

  /** The keys and headers of the letters, whose values have the canaries. */
  private static List<String> headers(List<ConsumerRecord<byte[], byte[]>> letters) {
    assertThat(letters).anyMatch(letter -> text(letter.value()).contains(MAIL)); // they were sent
    var found = new ArrayList<String>();
    for (var letter : letters) {
      found.add(text(letter.key()));
      letter.headers().forEach(header -> found.add(header.key() + text(header.value())));
    }
    return found;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Reads every key with its content. */
  private static List<String> redis(String uri) throws Exception {
    var vertx = Vertx.vertx();
    try {
      var redis = Redis.createClient(vertx, uri);
      var found = new ArrayList<String>();
      for (var key : redis.send(Request.cmd(Command.KEYS).arg("*")).await()) {
        found.add(key.toString());
        var read =
            switch (redis.send(Request.cmd(Command.TYPE).arg(key.toString())).await().toString()) {
              case "list" -> Request.cmd(Command.LRANGE).arg(key.toString()).arg(0).arg(-1);
              case "zset" -> Request.cmd(Command.ZRANGE).arg(key.toString()).arg(0).arg(-1);
              case "set" -> Request.cmd(Command.SMEMBERS).arg(key.toString());
              case "hash" -> Request.cmd(Command.HGETALL).arg(key.toString());
              default -> Request.cmd(Command.GET).arg(key.toString());
            };
        found.add(String.valueOf(redis.send(read).await()));
      }
      redis.close();
      return found;
    } finally {
      vertx.close().await();
    }
  }

  /** Reads every row of every table. */
  private static List<String> postgres(String address) throws Exception {
    var uri = URI.create(address);
    var user = uri.getUserInfo().split(":", 2);
    var jdbc = "jdbc:postgresql://%s:%d%s".formatted(uri.getHost(), uri.getPort(), uri.getPath());
    var found = new ArrayList<String>();
    try (var connection = DriverManager.getConnection(jdbc, user[0], user[1]);
        var statement = connection.createStatement()) {
      var tables = new ArrayList<String>();
      try (var row =
          statement.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
        while (row.next()) {
          tables.add(row.getString(1));
        }
      }
      for (var table : tables) {
        try (var row = statement.executeQuery("SELECT t::text FROM \"%s\" t".formatted(table))) {
          while (row.next()) {
            found.add(row.getString(1));
          }
        }
      }
    }
    return found;
  }
}
