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

/** Reads dead letters, and sends them to the log again once somebody has mended what was wrong. */
public final class DeadLetterTopic {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String bootstrap;
  private final String letters;
  private final String events;

  public DeadLetterTopic(String bootstrap, String letters, String events) {
    this.bootstrap = bootstrap;
    this.letters = letters;
    this.events = events;
  }

  /**
   * A letter as it is kept: {@code length} is that of the original, of which a part may be gone.
   */
  public record Kept(
      String key, String reason, Instant keptAt, int partition, int length, Content content) {
    public boolean isCut() {
      return length > content.bytes.length;
    }

    /** What is in it, as far as this version can read it. */
    public String text() {
      try {
        return EnvelopeCodec.decode(content.bytes).clicks().stream()
            .map(click -> click.decode().toString())
            .collect(Collectors.joining("\n"));
      } catch (EnvelopeCodec.Unreadable | IllegalArgumentException e) {
        return HexFormat.ofDelimiter(" ").formatHex(content.bytes);
      }
    }
  }

  /** The bytes of a letter; compared by identity. */
  public static final class Content {
    private final byte[] bytes;

    private Content(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /**
   * All that are kept, oldest first; of one that was written twice the last. Throws {@link
   * Unavailable} if Kafka does not answer.
   */
  public List<Kept> list() {
    try {
      return read();
    } catch (KafkaException e) {
      throw new Unavailable("Kafka at %s cannot be read: %s".formatted(bootstrap, reason(e)));
    }
  }

  private static String reason(KafkaException failure) {
    return (failure.getCause() == null ? failure : failure.getCause()).getMessage();
  }

  private List<Kept> read() {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest");
    var found = new LinkedHashMap<String, Kept>();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(letters, PATIENCE).stream()
              .map(one -> new TopicPartition(letters, one.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions, PATIENCE);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          found.put(record.key(), kept(record));
        }
      }
    }
    return found.values().stream()
        .sorted(Comparator.comparing(Kept::keptAt).thenComparing(Kept::key))
        .toList();
  }

  private static Kept kept(ConsumerRecord<String, byte[]> record) {
    var bytes = record.value() == null ? new byte[0] : record.value();
    var cut = record.headers().lastHeader(KafkaDeadLetters.CUT);
    return new Kept(
        record.key(),
        text(record.headers().lastHeader(KafkaDeadLetters.REASON).value()),
        Instant.ofEpochMilli(record.timestamp()),
        record.partition(),
        cut == null ? bytes.length : Integer.parseInt(text(cut.value())),
        new Content(bytes));
  }

  private static String text(byte[] ascii) {
    return new String(ascii, StandardCharsets.US_ASCII);
  }

  /** What a node said of itself then is not true now. What still cannot be read goes as it is. */
  private static byte[] fresh(byte[] bytes) {
    try {
      return EnvelopeCodec.withoutHeartbeat(bytes);
    } catch (EnvelopeCodec.Unreadable e) {
      return bytes;
    }
  }

  /** Returns when the log has it again, in the partition where it stood. */
  public void resend(List<Kept> some) throws InterruptedException {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "acks",
            "all",
            "max.request.size",
            Integer.toString(4 << 20));
    try (var producer =
        new KafkaProducer<>(settings, new VoidSerializer(), new ByteArraySerializer())) {
      for (var one : some) {
        producer
            .send(new ProducerRecord<>(events, one.partition, null, fresh(one.content.bytes)))
            .get();
      }
    } catch (ExecutionException e) {
      throw new Unavailable("the log does not take it: " + e.getCause());
    }
  }
}
