package clicktide.kafka;

import clicktide.event.Event;
import clicktide.event.Identity;
import clicktide.log.Envelope;
import clicktide.log.EnvelopeCodec;
import clicktide.log.EventLog;
import clicktide.store.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.VoidSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event log in Kafka: an idempotent producer with acks=all; a run of clicks is one record. */
public final class KafkaEventLog implements EventLog {
  private static final Logger log = LoggerFactory.getLogger(KafkaEventLog.class);
  private static final int MOST_EVENTS = 500; // in one record
  private static final int MOST_UNDER_WAY = 20_000; // events without an answer of the broker

  private final Topic topic;
  private final long node;
  private final InstantSource clock;
  private final Supplier<Optional<Instant>> oldest;
  private final KafkaProducer<Void, byte[]> producer;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile Future<Void> lastTick = Future.succeededFuture();

  /** {@code oldest} tells the event time of this node's oldest click without acknowledgement. */
  public KafkaEventLog(
      Vertx vertx,
      String bootstrap,
      Topic topic,
      long node,
      InstantSource clock,
      Supplier<Optional<Instant>> oldest) {
    this.topic = topic;
    this.node = node;
    this.clock = clock;
    this.oldest = oldest;
    producer =
        KafkaProducer.create(
            vertx, settings(bootstrap), new VoidSerializer(), new ByteArraySerializer());
    producer.exceptionHandler(failure -> log.debug("A record was not taken", failure));
  }

  private static Map<String, String> settings(String bootstrap) {
    return Map.of(
        "bootstrap.servers", bootstrap,
        "acks", "all",
        "enable.idempotence", "true",
        "compression.type", "lz4",
        "linger.ms", "5",
        "batch.size", Integer.toString(256 << 10),
        "max.request.size", Integer.toString(4 << 20),
        "max.block.ms", "2000",
        "delivery.timeout.ms", "120000");
  }

  @Override
  public Future<Void> append(List<? extends Event> events) {
    if (underWay.get() > MOST_UNDER_WAY) {
      return Future.failedFuture(new Unavailable("the log is behind by too many events"));
    }
    underWay.addAndGet(events.size());
    var sends = new ArrayList<Future<?>>();
    records(events).forEach((run, part) -> sends.add(send(run.partition(), part)));
    return Future.join(sends).onComplete(_ -> underWay.addAndGet(-events.size())).mapEmpty();
  }

  @Override
  public Future<Void> tick() {
    if (!lastTick.isComplete()) {
      return lastTick;
    }
    lastTick =
        Future.all(
                IntStream.range(0, topic.partitions()).mapToObj(p -> send(p, List.of())).toList())
            .mapEmpty();
    return lastTick;
  }

  /** What came, or comes, of the newest tick: whether the log takes anything now. */
  public Future<Void> lastTick() {
    return lastTick;
  }

  /** What may stand in one record. */
  private record Run(int partition, int number) {}

  private Map<Run, List<Event>> records(List<? extends Event> events) {
    var records = new LinkedHashMap<Run, List<Event>>();
    var sizes = new int[topic.partitions()];
    for (var event : events) {
      var partition = partition(event.identity());
      var run = new Run(partition, sizes[partition]++ / MOST_EVENTS);
      records.computeIfAbsent(run, _ -> new ArrayList<>()).add(event);
    }
    return records;
  }

  private int partition(Identity identity) {
    return identity.partition(topic.partitions());
  }

  private Future<?> send(int partition, List<Event> events) {
    var now = clock.instant();
    var envelope = new Envelope(node, now, oldest.get().orElse(now), events);
    return producer.send(
        KafkaProducerRecord.create(topic.name(), null, EnvelopeCodec.encode(envelope), partition));
  }

  /** Sends what is waiting, then lets go of the broker. */
  public Future<Void> close() {
    return producer.flush().eventually(() -> producer.close());
  }
}
