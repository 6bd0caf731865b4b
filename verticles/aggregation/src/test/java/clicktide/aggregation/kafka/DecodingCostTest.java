package clicktide.aggregation.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.AllocatedBytes;
import clicktide.count.CostGuard;
import clicktide.count.Outcome;
import clicktide.count.ZipfClicks;
import clicktide.enrich.BotPatterns;
import clicktide.enrich.Enrichment;
import clicktide.enrich.GeoLocator;
import clicktide.enrich.UserAgents;
import clicktide.enrich.VisitorHash;
import clicktide.event.Heartbeat;
import clicktide.kafka.Topic;
import clicktide.store.Batch;
import clicktide.store.Sink.Position;
import clicktide.time.ManualTime;
import clicktide.wire.ClickTexts;
import clicktide.wire.EncodedEvent;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards on the memory of the steps between the log and the sinks. */
@DisplayName("G18: the cost of an event before the sinks")
class DecodingCostTest {
  private static final Instant AT = PartitionBatchTest.AT;
  private static final int RECORDS = 200;
  private static final int CLICKS = 100; // of a record
  static final int EVENTS = RECORDS * CLICKS;
  private static final int RECORDS_OF_A_BATCH = 50;
  private static final CostGuard DECODING = new CostGuard("bytes per decoded event", 2_100);
  private static final CostGuard COLLECTING = new CostGuard("bytes per collected event", 30);

  private final List<ConsumerRecord<Void, byte[]>> records = records();
  private final RecordDecoder decoder =
      new RecordDecoder("id", enrichment()::enrich, RecordInHand.inMemory(), new ClickTexts());

  static Enrichment enrichment() {
    var key = Optional.of(new byte[32]);
    return new Enrichment(
        new UserAgents(new ManualTime(AT), new SimpleMeterRegistry()),
        BotPatterns.NONE,
        GeoLocator.UNKNOWN,
        new VisitorHash(_ -> key));
  }

  static List<ConsumerRecord<Void, byte[]>> records() {
    var clicks = new ZipfClicks(20_000, AT);
    var records = new ArrayList<ConsumerRecord<Void, byte[]>>();
    for (var offset = 0; offset < RECORDS; offset++) {
      var encoded = new ArrayList<EncodedEvent>();
      for (var i = 0; i < CLICKS; i++) {
        encoded.add(EncodedEvent.of(clicks.next()));
      }
      var acknowledged = List.of((long) offset * CLICKS);
      var report = new Heartbeat(1, 1, 1, AT, acknowledged, List.of(), false);
      var envelope = new Envelope(AT, Duration.ZERO, report, encoded);
      records.add(PartitionBatchTest.record(offset, EnvelopeCodec.encode(envelope)));
    }
    return records;
  }

  @Test
  @DisplayName("decoding and enrichment allocate a limited number of bytes per event")
  void bytesPerDecodedEvent() throws Exception {
    DECODING.check(
        AllocatedBytes.perEvent(
            EVENTS,
            () -> {
              for (var record : records) {
                assertThat(decoder.decode(record).size()).isEqualTo(CLICKS);
              }
            }));
  }

  @Test
  @DisplayName("collecting a batch allocates a limited number of bytes per event")
  void bytesPerCollectedEvent() throws Exception {
    List<DecodedRecord> decoded = records.stream().map(decoder::decode).toList();
    COLLECTING.check(AllocatedBytes.perEvent(EVENTS, () -> collect(decoded)));
  }

  /** Collects all records as new ones. */
  private static void collect(List<DecodedRecord> decoded) {
    var position = new Position(new Batch.FencingToken("one", 1), 0, "", Map.of());
    var collector =
        new PartitionBatch(new Topic("events", "id", 1), 0, position, Duration.ofDays(21));
    for (var from = 0; from < RECORDS; from += RECORDS_OF_A_BATCH) {
      var to = from + RECORDS_OF_A_BATCH;
      collector.take(new RecordBlock(0, from, to, decoded.subList(from, to), 0));
      var batch = collector.batch();
      assertThat(batch.outcomes()).hasSize(RECORDS_OF_A_BATCH * CLICKS);
      assertThat(batch.outcomes().getLast()).isInstanceOf(Outcome.Counted.class);
      collector.applied(batch);
    }
  }
}
