package clicktide.kafka;

import clicktide.event.NodeReport;
import clicktide.event.Verdict;
import clicktide.log.Envelope;
import clicktide.log.EnvelopeCodec;
import clicktide.store.Unavailable;
import clicktide.store.Verdicts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.VoidSerializer;

/** Puts verdicts into the log, beside the clicks that they are about. */
public final class KafkaVerdicts implements Verdicts, AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;
  private static final int MOST_VERDICTS = 100; // in one record, each of some kilobytes at most

  private final Topic topic;
  private final InstantSource clock;
  private final Counter published;
  private final KafkaProducer<Void, byte[]> producer;

  public KafkaVerdicts(String bootstrap, Topic topic, InstantSource clock, MeterRegistry metrics) {
    this.topic = topic;
    this.clock = clock;
    published = metrics.counter("verdicts", "kind", "rate");
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", bootstrap,
                "acks", "all",
                "enable.idempotence", "true",
                "max.block.ms", "5000",
                "delivery.timeout.ms", "10000",
                "request.timeout.ms", "5000"),
            new VoidSerializer(),
            new ByteArraySerializer());
  }

  @Override
  public void publish(List<Verdict> verdicts) {
    var byPartition =
        verdicts.stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.example().identity().partition(topic.partitions())));
    try {
      var sent = new ArrayList<Future<RecordMetadata>>();
      byPartition.forEach(
          (partition, some) -> {
            for (var from = 0; from < some.size(); from += MOST_VERDICTS) {
              var part = some.subList(from, Math.min(from + MOST_VERDICTS, some.size()));
              sent.add(producer.send(record(partition, part)));
            }
          });
      for (var done : sent) {
        done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
      published.increment(verdicts.size());
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new Unavailable("the log takes no verdicts: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted");
    }
  }

  private ProducerRecord<Void, byte[]> record(int partition, List<Verdict> verdicts) {
    var envelope =
        new Envelope(
            clock.instant(), Duration.ZERO, NodeReport.NOBODY, List.of(), List.of(), verdicts);
    return new ProducerRecord<>(topic.name(), partition, null, EnvelopeCodec.encode(envelope));
  }

  @Override
  public void close() {
    producer.close();
  }
}
