package clicktide.aggregation.kafka;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import clicktide.count.TestClicks;
import clicktide.embedded.TestServers;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Traffic;
import clicktide.event.DeadLetter;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.kafka.DeadLetterTopic;
import clicktide.kafka.KafkaCluster;
import clicktide.kafka.KafkaDeadLetters;
import clicktide.kafka.KafkaEventLog;
import clicktide.kafka.Topic;
import clicktide.store.DeploymentName;
import clicktide.store.MemorySink;
import clicktide.time.MonotonicClock;
import clicktide.time.TimeSource;
import clicktide.wire.EncodedEvent;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The log in Kafka")
@ExtendWith(VertxExtension.class)
@Timeout(90)
class KafkaLogTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");

  private final KafkaCluster kafka = new KafkaCluster(TestServers.endpoints().kafka());
  private final MemorySink.Books books = new MemorySink.Books();
  private final List<LogPass> passes = new ArrayList<>();
  private final MonotonicClock clock = new MonotonicClock(TimeSource.system());
  private Topic topic;
  private Vertx vertx;
  private KafkaEventLog log;
  private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open(Vertx vertx) throws InterruptedException {
    this.vertx = vertx;
    topic =
        Topic.ready(
            kafka,
            TestServers.freshName("events"),
            new Topic.Shape(4, 1, Duration.ofDays(1)),
            TimeSource.system());
    log = KafkaEventLog.open(vertx, kafka, topic, clock, now -> TestClicks.report(1, now));
  }

  @TempDir Path folder;

  @AfterEach
  void close() {
    passes.forEach(LogPass::close);
    log.close().await();
  }

  private LogPass follow() {
    LogFollower.Enricher enricher =
        (click, logged) -> TestClicks.visit(click, Traffic.HUMAN, "DE", "", 1);
    var source =
        new LogSource(kafka, topic, new DeploymentName(topic.name()), folder, TimeSource.system());
    var plan =
        new LogFollower.Plan(
            Duration.ofMillis(50), 20_000, Duration.ofDays(21), enricher, deadLetters::addAll);
    var metrics = new SimpleMeterRegistry();
    var follower = new LogFollower(source, plan, new MemorySink(books), metrics);
    var pass = new LogPass(source, enricher, List.of(follower), metrics);
    passes.add(pass);
    pass.start();
    return pass;
  }

  private static List<EncodedEvent> clicks(int count) {
    var clicks = new ArrayList<EncodedEvent>();
    for (var i = 0; i < count; i++) {
      clicks.add(EncodedEvent.of(TestClicks.click(new Identity.Own(1, 1, 0, i * 100L), 1, AT)));
    }
    return clicks;
  }

  /** Until the sink has applied all that the log holds now: a click counted twice is seen then. */
  private void awaitEnd() throws Exception {
    try (var admin = Admin.create(kafka.client(Map.of()))) {
      for (var partition = 0; partition < topic.partitions(); partition++) {
        var place = new TopicPartition(topic.name(), partition);
        var end =
            admin.listOffsets(Map.of(place, OffsetSpec.latest())).partitionResult(place).get();
        var number = partition;
        eventually("partition %d is applied up to %d".formatted(number, end.offset()))
            .until(
                () ->
                    books.fence(number).filter(fence -> fence.next() >= end.offset()).isPresent());
      }
    }
  }

  @Test
  @DisplayName(
      "clicks that were appended reach the sink once and unchanged, and the topic keeps its id")
  void whatWasAppendedReachesTheSink() throws Exception {
    follow();
    var clicks = clicks(1_000);

    log.append(clicks).await();

    awaitEnd();
    assertThat(books.visits().stream().<LinkClick>map(EnrichedClick::click))
        .containsExactlyInAnyOrderElementsOf(clicks.stream().map(TestClicks::decoded).toList());
    assertThat(
            Topic.ready(
                kafka,
                topic.name(),
                new Topic.Shape(9, 1, Duration.ofDays(1)),
                TimeSource.system()))
        .isEqualTo(topic);
  }

  @Test
  @DisplayName("C4: a follower that fails or is replaced continues at the position of the sink")
  void aFollowerGoesOnWhereTheSinkSays() throws Exception {
    books.failNext(2);
    var first = follow();
    log.append(clicks(300)).await();
    awaitEnd();
    assertThat(books.visits()).hasSize(300);

    first.close();
    log.append(clicks(400)).await();
    follow();

    awaitEnd();
    assertThat(books.visits()).hasSize(400);
  }

  @Test
  @DisplayName("two followers share the partitions")
  void twoFollowersShareThePartitions() throws Exception {
    follow();
    log.tick().await();
    eventually("the first follower has every partition")
        .until(() -> books.fence(0).isPresent() && books.fence(3).isPresent());
    var before = books.fence(0).orElseThrow().token().epoch();
    follow();
    eventually("the second follower has a partition")
        .until(
            () -> {
              log.tick().await();
              return List.of(0, 1, 2, 3).stream()
                  .anyMatch(p -> books.fence(p).orElseThrow().token().epoch() > before);
            });
    log.append(clicks(500)).await();

    awaitEnd();
    assertThat(books.visits()).hasSize(500);
  }

  @Test
  @DisplayName("G10: a record that cannot be read stalls nothing and becomes a dead letter")
  void aRecordThatCannotBeReadStallsNothing() throws Exception {
    follow();
    var settings = kafka.client(Map.of());
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (var partition = 0; partition < 4; partition++) {
        producer
            .send(new ProducerRecord<>(topic.name(), partition, null, new byte[] {1, 2, 3}))
            .get();
        producer.send(new ProducerRecord<>(topic.name(), partition, null, null)).get();
      }
    }
    log.append(clicks(100)).await();

    awaitEnd();
    assertThat(books.visits()).hasSize(100);
    assertThat(deadLetters)
        .hasSize(8)
        .extracting(DeadLetter::reason)
        .containsOnly(DeadLetter.Reason.UNDECODABLE, DeadLetter.Reason.UNKNOWN_SCHEMA);
    assertThat(deadLetters).extracting(one -> one.position().key()).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("G15: the broker's stamps correct a clock that is two hours wrong")
  void aWrongClockIsPutRight() {
    var wrong = new MonotonicClock(TimeSource.of(() -> Instant.now().plusSeconds(7_200)));
    var other = KafkaEventLog.open(vertx, kafka, topic, wrong, now -> TestClicks.report(2, now));

    assertThat(Duration.between(Instant.now(), wrong.instant()).abs())
        .isLessThan(Duration.ofSeconds(5));
    other.tick().await();
    assertThat(wrong.correction())
        .isBetween(Duration.ofSeconds(-7_205), Duration.ofSeconds(-7_195));
    other.close().await();
  }

  private static String trouble(LogPass pass) {
    eventually("the pass reports trouble").until(() -> pass.trouble().isPresent());
    return pass.trouble().orElseThrow();
  }

  @Test
  @DisplayName("X19: a topic that was created again is not counted, and the pass reports it")
  void aTopicMadeAnewIsRefused() throws Exception {
    log.append(clicks(10)).await();
    try (var admin = Admin.create(kafka.client(Map.of()))) {
      admin.deleteTopics(List.of(topic.name())).all().get();
      eventually("the topic is deleted")
          .until(() -> !admin.listTopics().names().get().contains(topic.name()));
    }
    Topic.ready(
        kafka, topic.name(), new Topic.Shape(4, 1, Duration.ofDays(1)), TimeSource.system());

    assertThat(trouble(follow())).contains("created again");
    assertThat(books.visits()).isEmpty();
  }

  @Test
  @DisplayName("X19: a topic with added partitions is not counted, and the pass reports it")
  void addedPartitionsAreRefused() throws Exception {
    try (var admin = Admin.create(kafka.client(Map.of()))) {
      admin.createPartitions(Map.of(topic.name(), NewPartitions.increaseTo(5))).all().get();
      eventually("the topic has 5 partitions")
          .until(
              () ->
                  admin
                          .describeTopics(List.of(topic.name()))
                          .allTopicNames()
                          .get()
                          .get(topic.name())
                          .partitions()
                          .size()
                      == 5);
    }

    assertThat(trouble(follow())).contains("5 partitions");
  }

  @Test
  @DisplayName("B4: dead letters are kept as they were, listed, and sent again")
  void deadLettersAreSentAgain() throws Exception {
    var name = TestServers.freshName("dead-letters");
    Topic.ready(kafka, name, new Topic.Shape(4, 1, Duration.ofDays(1)), TimeSource.system());
    var click = TestClicks.click(new Identity.Own(1, 1, 0, 0), 1, AT);
    var partition = click.identity().partition(4);
    var whole = EnvelopeCodec.encode(Envelope.alone(AT, Duration.ZERO, EncodedEvent.of(click)));
    var place = new DeadLetter.LogPosition(topic.id(), partition, 5, 0);
    try (var kept = new KafkaDeadLetters(kafka, name)) {
      kept.keep(List.of(new DeadLetter(DeadLetter.Reason.FAILED, place, whole)));
      kept.keep(List.of(new DeadLetter(DeadLetter.Reason.FAILED, place, whole))); // once more
      var other = new DeadLetter.LogPosition(topic.id(), 1, 6, -1);
      kept.keep(List.of(new DeadLetter(DeadLetter.Reason.UNDECODABLE, other, new byte[70 << 10])));
    }
    var dead = new DeadLetterTopic(kafka, name, topic.name());
    var listed = dead.list();

    assertThat(listed)
        .extracting(DeadLetterTopic.StoredLetter::key, DeadLetterTopic.StoredLetter::length)
        .containsExactlyInAnyOrder(
            tuple(place.key(), whole.length), tuple(topic.id() + ":1:6:-1", 70 << 10));
    var first = listed.stream().filter(one -> one.key().equals(place.key())).toList();
    assertThat(first.getFirst().text()).contains("code1");
    assertThat(listed).filteredOn(DeadLetterTopic.StoredLetter::isCut).hasSize(1);

    follow();
    dead.resend(first);
    dead.resend(first);
    awaitEnd();
    assertThat(books.visits()).hasSize(1);
    assertThat(books.visits().getFirst().click()).isEqualTo(click);
  }
}
