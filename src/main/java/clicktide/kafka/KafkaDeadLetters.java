package clicktide.kafka;

import clicktide.log.DeadLetter;
import clicktide.log.DeadLetters;
import clicktide.store.Unavailable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Dead letters in a topic of their own, with the retention of the log. A record's key is the
 * letter's place, so one that was written twice can be told; headers say the reason and nothing of
 * what is in it. The value is the original, up to 64 KiB of it.
 */
public final class KafkaDeadLetters implements DeadLetters, AutoCloseable {
  static final String REASON = "reason";
  static final String CUT = "cut"; // the length of the original, where it did not fit
  static final int MOST_BYTES = 64 << 10;
  private static final long PATIENCE_SECONDS = 10;

  private final String topic;
  private final KafkaProducer<String, byte[]> producer;

  public KafkaDeadLetters(String bootstrap, String topic) {
    this.topic = topic;
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", bootstrap,
                "acks", "all",
                "enable.idempotence", "true",
                "max.block.ms", "5000",
                "delivery.timeout.ms", "10000",
                "request.timeout.ms", "5000"),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  @Override
  public void keep(List<DeadLetter> letters) {
    try {
      var sent = letters.stream().map(letter -> producer.send(record(letter))).toList();
      for (Future<RecordMetadata> done : sent) {
        done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new Unavailable("the topic of dead letters takes nothing: " + e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted");
    }
  }

  private ProducerRecord<String, byte[]> record(DeadLetter letter) {
    var bytes = letter.bytes();
    var isCut = bytes.length > MOST_BYTES;
    var value = isCut ? Arrays.copyOf(bytes, MOST_BYTES) : bytes;
    var record =
        new ProducerRecord<>(topic, letter.place().partition(), letter.place().key(), value);
    header(record.headers(), REASON, letter.reason().key());
    if (isCut) {
      header(record.headers(), CUT, Integer.toString(bytes.length));
    }
    return record;
  }

  private static void header(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    producer.close();
  }
}
