package clicktide.kafka;

import clicktide.event.DeadLetter;
import clicktide.store.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Dead letters in a topic of their own, with the retention of the log. The key of a record is the
 * position of the letter in the log, so a letter that was written twice is recognized. Headers hold
 * the reason and no content. The value is the original, cut to 64 KiB.
 */
public final class KafkaDeadLetters implements DeadLetters, AutoCloseable {
  static final String REASON = "reason";
  static final String CUT = "cut"; // the length of the original in bytes, if it was cut
  static final int MAX_BYTES = 64 << 10;

  private final String topic;
  private final BlockingProducer<String> producer;

  public KafkaDeadLetters(KafkaCluster kafka, String topic) {
    this.topic = topic;
    producer = new BlockingProducer<>(kafka, new StringSerializer());
  }

  @Override
  public void keep(List<DeadLetter> deadLetters) {
    producer.send(deadLetters.stream().map(this::record).toList());
  }

  private ProducerRecord<String, byte[]> record(DeadLetter letter) {
    var bytes = letter.bytes();
    var isCut = bytes.length > MAX_BYTES;
    var value = isCut ? Arrays.copyOf(bytes, MAX_BYTES) : bytes;
    var record =
        new ProducerRecord<>(topic, letter.position().partition(), letter.position().key(), value);
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
