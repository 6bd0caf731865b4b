package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Enrichment;
import clicktide.event.LinkClick;
import clicktide.wire.ClickTexts;
import clicktide.wire.EnvelopeCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Times per click of the steps between the log and the sinks (G18). */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(DecodingCostTest.EVENTS)
public class DecodingBenchmark {
  private static final EnrichedClick.Logged LOGGED =
      new EnrichedClick.Logged(PartitionBatchTest.AT, 0, 0);

  private final List<ConsumerRecord<Void, byte[]>> records = DecodingCostTest.records();
  private final Enrichment enrichment = DecodingCostTest.enrichment();
  private final ClickTexts texts = new ClickTexts();
  private final RecordDecoder decoder =
      new RecordDecoder("id", enrichment::enrich, RecordInHand.inMemory(), texts);
  private final List<LinkClick> clicks = new ArrayList<>();

  @Setup
  public void decodeClicks() throws EnvelopeCodec.Unreadable {
    for (var record : records) {
      for (var event : EnvelopeCodec.decode(record.value()).events()) {
        clicks.add((LinkClick) event.decode(texts));
      }
    }
  }

  @Benchmark
  public void decode(Blackhole results) throws EnvelopeCodec.Unreadable {
    for (var record : records) {
      for (var event : EnvelopeCodec.decode(record.value()).events()) {
        results.consume(event.decode(texts));
      }
    }
  }

  @Benchmark
  public void enrich(Blackhole results) {
    for (var click : clicks) {
      results.consume(enrichment.enrich(click, LOGGED));
    }
  }

  @Benchmark
  public void decodeAndEnrich(Blackhole results) {
    for (var record : records) {
      results.consume(decoder.decode(record));
    }
  }
}
