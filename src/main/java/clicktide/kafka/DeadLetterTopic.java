package clicktide.kafka;

import clicktide.store.Unavailable;
import clicktide.wire.EnvelopeCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.VoidSerializer;

/** The dead letters for an operator: lists them, and sends them to the log again after a repair. */
public final class DeadLetterTopic {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final KafkaCluster kafka;
  private final String deadLetters;
  private final String events;

  public DeadLetterTopic(KafkaCluster kafka, String deadLetters, String events) {
    this.kafka = kafka;
    this.deadLetters = deadLetters;
    this.events = events;
  }

  /**
   * A dead letter in the topic. {@code length} is the size of the original in bytes; the content
   * may be cut.
   */
  public record StoredLetter(
      String key, String reason, Instant keptAt, int partition, int length, RawContent content) {
    public boolean isCut() {
      return length > content.bytes.length;
    }

    /** Returns the events as text, or the bytes in hexadecimal if they cannot be decoded. */
    public String text() {
      try {
        return EnvelopeCodec.decode(content.bytes).events().stream()
            .map(event -> event.decode().toString())
            .collect(Collectors.joining("\n"));
      } catch (EnvelopeCodec.Unreadable | IllegalArgumentException e) {
        return HexFormat.ofDelimiter(" ").formatHex(content.bytes);
      }
    }
  }

  /** The bytes of a dead letter; compared by identity. */
  public static final class RawContent {
    private final byte[] bytes;

    private RawContent(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * Returns all dead letters, oldest first. One that was written twice is listed once. Throws
   * {@link Unavailable} if Kafka does not answer.
   */
  public List<StoredLetter> list() {
    try {
      return read();
    } catch (KafkaException e) {
      throw new Unavailable(
          "Kafka at %s cannot be read: %s".formatted(kafka.addresses(), reason(e)));
    }
  }

  private static String reason(KafkaException failure) {
    return (failure.getCause() == null ? failure : failure.getCause()).getMessage();
  }

  private List<StoredLetter> read() {
    var settings = kafka.client(Map.of("auto.offset.reset", "earliest"));
    var found = new LinkedHashMap<String, StoredLetter>();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(deadLetters, TIMEOUT).stream()
              .map(one -> new TopicPartition(deadLetters, one.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions, TIMEOUT);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          found.put(record.key(), stored(record));
        }
      }
    }
    return found.values().stream()
        .sorted(Comparator.comparing(StoredLetter::keptAt).thenComparing(StoredLetter::key))
        .toList();
  }

  private static StoredLetter stored(ConsumerRecord<String, byte[]> record) {
    var bytes = record.value() == null ? new byte[0] : record.value();
    var cut = record.headers().lastHeader(KafkaDeadLetters.CUT);
    return new StoredLetter(
        record.key(),
        text(record.headers().lastHeader(KafkaDeadLetters.REASON).value()),
        Instant.ofEpochMilli(record.timestamp()),
        record.partition(),
        cut == null ? bytes.length : Integer.parseInt(text(cut.value())),
        new RawContent(bytes));
  }

  private static String text(byte[] ascii) {
    return new String(ascii, StandardCharsets.US_ASCII);
  }

  /**
   * Removes the heartbeat, which is out of date. A record that cannot be decoded stays as it is.
   */
  private static byte[] withoutHeartbeat(byte[] bytes) {
    try {
      return EnvelopeCodec.withoutHeartbeat(bytes);
    } catch (EnvelopeCodec.Unreadable e) {
      return bytes;
    }
  }

  /** Sends letters to their old partitions, and returns when the log has them. */
  public void resend(List<StoredLetter> some) throws InterruptedException {
    var settings =
        kafka.client(Map.of("acks", "all", "max.request.size", Integer.toString(4 << 20)));
    try (var producer =
        new KafkaProducer<>(settings, new VoidSerializer(), new ByteArraySerializer())) {
      for (var one : some) {
        producer
            .send(
                new ProducerRecord<>(
                    events, one.partition, null, withoutHeartbeat(one.content.bytes)))
            .get();
      }
    } catch (ExecutionException e) {
      throw new Unavailable("The log does not take the dead letters: " + e.getCause());
    }
  }
}
