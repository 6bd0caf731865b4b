package clicktide.aggregation.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.Outcome;
import clicktide.count.TestClicks;
import clicktide.enrich.Dimension;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Traffic;
import clicktide.event.DeadLetter;
import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.kafka.Topic;
import clicktide.store.Batch;
import clicktide.store.Sink.Position;
import clicktide.store.Unavailable;
import clicktide.wire.EncodedEvent;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import clicktide.wire.TextSource;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What becomes of a record")
class PartitionBatchTest {
  static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final Duration WRONG = Duration.ofHours(2);

  private boolean fails = true;
  private final PartitionBatch batch = batch();
  private final RecordDecoder decoder =
      decoder(
          RecordInHand.inMemory(),
          (click, logged) -> {
            if (fails) {
              throw new IllegalStateException("no rules for this one");
            }
            return TestClicks.visit(click, Traffic.HUMAN, "DE", "", 1);
          });

  private static PartitionBatch batch() {
    var position = new Position(new Batch.FencingToken("one", 1), 0, "", Map.of());
    return new PartitionBatch(new Topic("events", "id", 1), 0, position, Duration.ofDays(21));
  }

  private static RecordDecoder decoder(RecordInHand inHand, LogFollower.Enricher enricher) {
    return new RecordDecoder("id", enricher, inHand, TextSource.NEW);
  }

  private void take(long offset, byte[] bytes) {
    take(batch, decoder.decode(record(offset, bytes)));
  }

  private static void take(PartitionBatch batch, DecodedRecord record) {
    var next = record.offset() + 1;
    batch.take(new RecordBlock(0, batch.next(), next, List.of(record), 0));
  }

  static ConsumerRecord<Void, byte[]> record(long offset, byte[] bytes) {
    return new ConsumerRecord<>(
        "events",
        0,
        offset,
        AT.toEpochMilli(),
        TimestampType.LOG_APPEND_TIME,
        0,
        bytes.length,
        null,
        bytes,
        new RecordHeaders(),
        Optional.empty());
  }

  @Test
  @DisplayName("G10: a record that ends a process counts without enrichment, then is a dead letter")
  void aRecordThatEndsProcesses(@TempDir Path folder) {
    var file = folder.resolve("in-hand");
    var click = TestClicks.click(new Identity.Own(1, 1, 0, 0), 1, AT);
    var record = record(7, sent(1, 0, click));
    LogFollower.Enricher none =
        (_, _) -> {
          throw new AssertionError("the enrichment that ended a process is not called again");
        };
    RecordInHand.open(file).begin(0, 7); // and the process ends

    var second = batch();
    take(second, decoder(RecordInHand.open(file), none).decode(record));
    assertThat(second.batch().counted())
        .extracting(enriched -> enriched.values().of(Dimension.BROWSER))
        .containsExactly("unparsed");
    assertThat(second.deadLetters()).isEmpty();

    RecordInHand.open(file).begin(0, 7); // the process ends again
    RecordInHand.open(file).begin(0, 7);
    var fourth = batch();
    take(fourth, decoder(RecordInHand.open(file), none).decode(record));
    assertThat(fourth.batch().counted()).isEmpty();
    assertThat(fourth.deadLetters()).hasSize(1);
    assertThat(RecordInHand.open(file).begin(0, 7)).as("it was handled").isZero();
  }

  private static byte[] sent(int boot, long acknowledged, LinkClick... clicks) {
    var report = new Heartbeat(1, boot, boot, AT, List.of(acknowledged), List.of(), false);
    var encoded = List.of(clicks).stream().map(EncodedEvent::of).toList();
    return EnvelopeCodec.encode(new Envelope(AT, WRONG.negated(), report, encoded));
  }

  @Test
  @DisplayName("G10, G15: the last click of a boot, sent again, counts once and at the right time")
  void theLastClickIsSentAgain() throws EnvelopeCodec.Unreadable {
    var late = AT.plus(WRONG);
    var click = TestClicks.click(new Identity.Own(1, 1, 0, 0), 1, late);
    take(0, sent(1, 0, click));
    take(1, sent(2, 0)); // the process started again, and has sent everything
    assertThat(batch.missing()).isEqualTo(1);
    var deadLetter = batch.deadLetters().getFirst();

    fails = false;
    var again = EnvelopeCodec.withoutHeartbeat(deadLetter.bytes());
    take(2, again);
    take(3, again);

    var read = batch.batch();
    assertThat(read.counted()).extracting(enriched -> enriched.click().at()).containsExactly(AT);
    assertThat(read.outcomes()).filteredOn(Outcome.Duplicate.class::isInstance).hasSize(1);
    take(4, sent(2, 0));
    assertThat(batch.missing()).isZero();
  }

  @Test
  @DisplayName("G10: an event of a later version is a dead letter, and the events beside it count")
  void anEventOfALaterVersion() throws Exception {
    fails = false;
    var bytes = new ByteArrayOutputStream();
    bytes.write(sent(1, 1, TestClicks.click(new Identity.Own(1, 1, 0, 0), 1, AT.plus(WRONG))));
    var out = CodedOutputStream.newInstance(bytes);
    out.writeString(40, "of a later version");
    out.flush();

    take(0, bytes.toByteArray());

    assertThat(batch.batch().counted()).hasSize(1);
    assertThat(batch.deadLetters())
        .extracting(DeadLetter::reason)
        .containsExactly(DeadLetter.Reason.UNKNOWN_SCHEMA);
    var kept = EnvelopeCodec.decode(batch.deadLetters().getFirst().bytes()).events();
    assertThat(kept).extracting(EncodedEvent::isKnown).containsExactly(false);
  }

  @Test
  @DisplayName("a batch stays as it is while the next one is read")
  void aBatchIsImmutable() {
    fails = false;
    take(0, sent(1, 1, TestClicks.click(new Identity.Own(1, 1, 0, 0), 1, AT.plus(WRONG))));
    var first = batch.batch();

    batch.applied(first);
    take(1, sent(1, 2, TestClicks.click(new Identity.Own(1, 1, 0, 1), 1, AT.plus(WRONG))));

    assertThat(first.counted()).hasSize(1);
    assertThat(batch.batch().counted()).hasSize(1);
    assertThat(batch.batch().from()).isEqualTo(first.to());
  }

  @Test
  @DisplayName("a click that cannot be enriched is tried three times; a store that is away is not")
  void enrichmentIsTriedAgain() {
    var tries = new AtomicInteger();
    var failing =
        new RetryingEnrichment(
            (_, _) -> {
              tries.incrementAndGet();
              throw new IllegalStateException("no rules for this one");
            });
    var unavailable =
        new RetryingEnrichment(
            (_, _) -> {
              throw new Unavailable("the keys cannot be read");
            });
    var click = TestClicks.click(new Identity.Own(1, 1, 0, 0), 1, AT);
    var logged = new EnrichedClick.Logged(AT, 0, 0);

    assertThat(failing.enrich(click, logged)).isEmpty();
    assertThat(tries).hasValue(3);
    assertThatThrownBy(() -> unavailable.enrich(click, logged)).isInstanceOf(Unavailable.class);
  }
}
