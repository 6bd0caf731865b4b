package clicktide.aggregation.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import clicktide.count.Some;
import clicktide.embedded.TestServers;
import clicktide.enrich.Traffic;
import clicktide.event.DeadLetter;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.kafka.DeadLetterTopic;
import clicktide.kafka.KafkaDeadLetters;
import clicktide.kafka.KafkaEventLog;
import clicktide.kafka.Topic;
import clicktide.store.MemorySink;
import clicktide.time.MonotonicClock;
import clicktide.time.TimeSource;
import clicktide.wire.EncodedClick;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The log in Kafka")
@Timeout(90)
class KafkaLogTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");

  private final String kafka = TestServers.endpoints().kafka();
  private final Vertx vertx = Vertx.vertx();
  private final MemorySink.Books books = new MemorySink.Books();
  private final List<LogFollower> followers = new ArrayList<>();
  private final MonotonicClock clock = new MonotonicClock(TimeSource.system());
  private Topic topic;
  private KafkaEventLog log;
  private final List<DeadLetter> letters = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() throws InterruptedException {
    topic =
        Topic.ready(
            kafka, TestServers.freshName("events"), new Topic.Shape(4, 1, Duration.ofDays(1)));
    log = KafkaEventLog.open(vertx, kafka, topic, clock, now -> Some.report(1, now));
  }

  @AfterEach
  void close() {
    followers.forEach(LogFollower::close);
    log.close().await();
    vertx.close().await();
  }

  private LogFollower follow() {
    var plan =
        new LogFollower.Plan(
            kafka,
            topic,
            Duration.ofMillis(50),
            10,
            LogFollower.Fetch.AT_ONCE,
            TimeSource.system());
    var follower =
        new LogFollower(
            plan,
            new MemorySink(books),
            (click, logged) -> Some.visit(click, Traffic.HUMAN, "DE", "", 1),
            letters::addAll,
            new SimpleMeterRegistry());
    followers.add(follower);
    follower.start();
    return follower;
  }

  private static List<EncodedClick> clicks(int count) {
    var clicks = new ArrayList<EncodedClick>();
    for (var i = 0; i < count; i++) {
      clicks.add(EncodedClick.of(Some.click(new Identity.Own(1, 1, 0, i * 100L), 1, AT)));
    }
    return clicks;
  }

  private static void await(BooleanSupplier isSo) {
    while (!isSo.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName("what was appended reaches the sink once, as it was, and the topic keeps its id")
  void whatWasAppendedReachesTheSink() throws InterruptedException {
    follow();
    var clicks = clicks(1_000);

    log.append(clicks).await();

    await(() -> books.visits().size() >= 1_000);
    assertThat(books.visits().stream().<LinkClick>map(visit -> visit.click()))
        .containsExactlyInAnyOrderElementsOf(clicks.stream().map(EncodedClick::decode).toList());
    assertThat(Topic.ready(kafka, topic.name(), new Topic.Shape(9, 1, Duration.ofDays(1))))
        .isEqualTo(topic);
  }

  @Test
  @DisplayName("C4: a follower that fails or is replaced goes on where the sink says")
  void aFollowerGoesOnWhereTheSinkSays() {
    books.failNext(2);
    var first = follow();
    log.append(clicks(300)).await();
    await(() -> books.visits().size() == 300);

    first.close();
    log.append(clicks(400)).await();
    follow();

    await(() -> books.visits().size() == 400);
  }

  @Test
  @DisplayName("two followers share the partitions")
  void twoFollowersShareThePartitions() {
    follow();
    log.tick().await();
    await(() -> books.fence(0).isPresent() && books.fence(3).isPresent());
    var before = books.fence(0).orElseThrow().token().epoch();
    follow();
    await(
        () -> {
          log.tick().await();
          return List.of(0, 1, 2, 3).stream()
              .anyMatch(p -> books.fence(p).orElseThrow().token().epoch() > before);
        });
    log.append(clicks(500)).await();

    await(() -> books.visits().size() == 500);
  }

  @Test
  @DisplayName("G10: a record that cannot be read stalls nothing and becomes a dead letter")
  void aRecordThatCannotBeReadStallsNothing() throws ExecutionException, InterruptedException {
    follow();
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka);
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

    await(() -> books.visits().size() == 100 && letters.size() == 8);
    assertThat(letters)
        .extracting(DeadLetter::reason)
        .containsOnly(DeadLetter.Reason.UNDECODABLE, DeadLetter.Reason.UNKNOWN_SCHEMA);
    assertThat(letters).extracting(letter -> letter.place().key()).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("G15: a clock that is two hours wrong is put right by the broker's stamps")
  void aWrongClockIsPutRight() {
    var wrong = new MonotonicClock(TimeSource.of(() -> Instant.now().plusSeconds(7_200)));
    var other = KafkaEventLog.open(vertx, kafka, topic, wrong, now -> Some.report(2, now));

    assertThat(Duration.between(Instant.now(), wrong.instant()).abs())
        .isLessThan(Duration.ofSeconds(5));
    other.tick().await();
    assertThat(wrong.correction())
        .isBetween(Duration.ofSeconds(-7_205), Duration.ofSeconds(-7_195));
    other.close().await();
  }

  private String trouble(LogFollower follower) {
    while (follower.trouble().isEmpty()) {
      Thread.onSpinWait();
    }
    return follower.trouble().get();
  }

  @Test
  @DisplayName("X19: a topic that was made anew is not counted, and that is said")
  void aTopicMadeAnewIsRefused() throws Exception {
    log.append(clicks(10)).await();
    try (var admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      admin.deleteTopics(List.of(topic.name())).all().get();
      while (admin.listTopics().names().get().contains(topic.name())) {
        Thread.onSpinWait();
      }
    }
    Topic.ready(kafka, topic.name(), new Topic.Shape(4, 1, Duration.ofDays(1)));

    assertThat(trouble(follow())).contains("made anew");
    assertThat(books.visits()).isEmpty();
  }

  @Test
  @DisplayName("X19: a topic that was given more partitions is not counted, and that is said")
  void addedPartitionsAreRefused() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      admin.createPartitions(Map.of(topic.name(), NewPartitions.increaseTo(5))).all().get();
      while (admin
              .describeTopics(List.of(topic.name()))
              .allTopicNames()
              .get()
              .get(topic.name())
              .partitions()
              .size()
          < 5) {
        Thread.onSpinWait();
      }
    }

    assertThat(trouble(follow())).contains("5 partitions");
  }

  @Test
  @DisplayName("B4: dead letters are kept as they were, listed, and sent again")
  void deadLettersAreSentAgain() throws Exception {
    var name = TestServers.freshName("dead-letters");
    Topic.ready(kafka, name, new Topic.Shape(4, 1, Duration.ofDays(1)));
    var click = Some.click(new Identity.Own(1, 1, 0, 0), 1, AT);
    var partition = click.identity().partition(4);
    var whole = EnvelopeCodec.encode(Envelope.alone(AT, Duration.ZERO, EncodedClick.of(click)));
    var place = new DeadLetter.Place(topic.id(), partition, 5, 0);
    try (var kept = new KafkaDeadLetters(kafka, name)) {
      kept.keep(List.of(new DeadLetter(DeadLetter.Reason.FAILED, place, whole)));
      kept.keep(List.of(new DeadLetter(DeadLetter.Reason.FAILED, place, whole))); // once more
      var other = new DeadLetter.Place(topic.id(), 1, 6, -1);
      kept.keep(List.of(new DeadLetter(DeadLetter.Reason.UNDECODABLE, other, new byte[70 << 10])));
    }
    var dead = new DeadLetterTopic(kafka, name, topic.name());
    var letters = dead.list();

    assertThat(letters)
        .extracting(DeadLetterTopic.Kept::key, DeadLetterTopic.Kept::length)
        .containsExactlyInAnyOrder(
            tuple(place.key(), whole.length), tuple(topic.id() + ":1:6:-1", 70 << 10));
    var first = letters.stream().filter(one -> one.key().equals(place.key())).toList();
    assertThat(first.getFirst().text()).contains("code1");
    assertThat(letters).filteredOn(DeadLetterTopic.Kept::isCut).hasSize(1);

    follow();
    dead.resend(first);
    dead.resend(first);
    await(() -> books.visits().size() == 1);
    assertThat(books.visits().getFirst().click()).isEqualTo(click);
  }
}
