package clicktide.kafka;

import clicktide.event.Heartbeat;
import clicktide.store.Await;
import clicktide.store.EventLog;
import clicktide.store.Unavailable;
import clicktide.time.MonotonicClock;
import clicktide.wire.EncodedEvent;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.VoidSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event log in Kafka: an idempotent producer with acks=all. A run of clicks is one record. */
public final class KafkaEventLog implements EventLog {
  private static final Logger log = LoggerFactory.getLogger(KafkaEventLog.class);
  private static final int MAX_EVENTS = 500; // in one record
  private static final int MAX_UNDER_WAY = 20_000; // events without an acknowledgement
  private static final int START_SECONDS = 30;
  private static final int ANNOUNCE_SECONDS = 3; // for each of two steps

  private final Topic topic;
  private final Function<Instant, Heartbeat> heartbeat;
  private final KafkaProducer<Void, byte[]> producer;
  private final ClockCheck clockCheck;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile Future<Void> lastTick = Future.succeededFuture();

  /**
   * Returns after the first acknowledgement of the log, so this node's clock is correct. {@code
   * heartbeat} gives the heartbeat for a record that is sent now.
   */
  public static KafkaEventLog open(
      Vertx vertx,
      KafkaCluster kafka,
      Topic topic,
      MonotonicClock clock,
      Function<Instant, Heartbeat> heartbeat) {
    return new KafkaEventLog(vertx, kafka, topic, clock, heartbeat).started(kafka, START_SECONDS);
  }

  /**
   * Sends the first heartbeat of a start and waits for its acknowledgement. From then on, no
   * watermark passes the clicks of this start (E3). Does nothing if there is no such topic. Throws
   * if Kafka has not answered after six seconds.
   */
  public static void announce(
      Vertx vertx,
      KafkaCluster kafka,
      String topic,
      MonotonicClock clock,
      Function<Instant, Heartbeat> heartbeat)
      throws InterruptedException {
    var found = Topic.find(kafka, topic, Duration.ofSeconds(ANNOUNCE_SECONDS));
    if (found.isPresent()) {
      new KafkaEventLog(vertx, kafka, found.get(), clock, heartbeat)
          .started(kafka, ANNOUNCE_SECONDS)
          .close();
    }
  }

  /** Waits for the first acknowledgement; closes this log if there is none. */
  private KafkaEventLog started(KafkaCluster kafka, long seconds) {
    try {
      Await.on(tick(), seconds);
      return this;
    } catch (RuntimeException failure) {
      close();
      throw KafkaFailure.of(kafka, failure);
    }
  }

  private KafkaEventLog(
      Vertx vertx,
      KafkaCluster kafka,
      Topic topic,
      MonotonicClock clock,
      Function<Instant, Heartbeat> heartbeat) {
    this.topic = topic;
    this.heartbeat = heartbeat;
    clockCheck = new ClockCheck(clock);
    producer =
        KafkaProducer.create(
            vertx, settings(kafka), new VoidSerializer(), new ByteArraySerializer());
    producer.exceptionHandler(failure -> log.debug("A record was not taken", failure));
  }

  private static Map<String, String> settings(KafkaCluster kafka) {
    var settings = new HashMap<>(kafka.properties());
    settings.putAll(
        Map.of(
            "acks", "all",
            "enable.idempotence", "true",
            "compression.type", "lz4",
            "linger.ms", "5",
            "batch.size", Integer.toString(256 << 10),
            "max.request.size", Integer.toString(4 << 20),
            "max.block.ms", "2000",
            "reconnect.backoff.max.ms", "500",
            "delivery.timeout.ms", "120000"));
    return settings;
  }

  @Override
  public Future<Void> append(List<EncodedEvent> events) {
    if (underWay.get() > MAX_UNDER_WAY) {
      return Future.failedFuture(
          new Unavailable(
              "The log has not acknowledged more than %d events".formatted(MAX_UNDER_WAY)));
    }
    var sends = new ArrayList<Future<?>>();
    records(events).forEach((run, part) -> sends.add(send(run.partition(), part)));
    underWay.addAndGet(events.size());
    return Future.join(sends).onComplete(_ -> underWay.addAndGet(-events.size())).mapEmpty();
  }

  @Override
  public Future<Void> tick() {
    if (lastTick.isComplete()) {
      var sends =
          IntStream.range(0, topic.partitions()).mapToObj(partition -> send(partition, List.of()));
      lastTick = Future.all(sends.toList()).mapEmpty();
    }
    return lastTick;
  }

  /** Returns the newest tick. It fails if the log does not take records now. */
  public Future<Void> lastTick() {
    return lastTick;
  }

  /** The events of one record, by partition. */
  private record Run(int partition, int number) {}

  private Map<Run, List<EncodedEvent>> records(List<EncodedEvent> events) {
    var records = new LinkedHashMap<Run, List<EncodedEvent>>();
    var sizes = new int[topic.partitions()];
    for (var event : events) {
      var partition = event.identity().partition(topic.partitions());
      var run = new Run(partition, sizes[partition]++ / MAX_EVENTS);
      records.computeIfAbsent(run, _ -> new ArrayList<>()).add(event);
    }
    return records;
  }

  private Future<?> send(int partition, List<EncodedEvent> events) {
    var sent = clockCheck.now();
    var bytes =
        EnvelopeCodec.encode(
            new Envelope(sent.at(), sent.correction(), heartbeat.apply(sent.at()), events));
    return producer
        .send(KafkaProducerRecord.create(topic.name(), null, bytes, partition))
        .onSuccess(
            metadata -> clockCheck.compare(sent, Instant.ofEpochMilli(metadata.getTimestamp())));
  }

  /** Sends waiting records, then closes the connection to the broker. */
  public Future<Void> close() {
    return producer.flush().eventually(() -> producer.close());
  }
}
