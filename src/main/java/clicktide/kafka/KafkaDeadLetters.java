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
 * Dead letters in a topic of their own, with the retention of the log. A record's key is the
 * letter's place, so one that was written twice can be told; headers say the reason and nothing of
 * what is in it. The value is the original, up to 64 KiB of it.
 */
public final class KafkaDeadLetters implements DeadLetters, AutoCloseable {
  static final String REASON = "reason";
  static final String CUT = "cut"; // the length of the original, where it did not fit
  static final int MOST_BYTES = 64 << 10;

  private final String topic;
  private final BlockingProducer<String> producer;

  public KafkaDeadLetters(String bootstrap, String topic) {
    this.topic = topic;
    producer = new BlockingProducer<>(bootstrap, new StringSerializer());
  }

  @Override
  public void keep(List<DeadLetter> letters) {
    producer.send(letters.stream().map(this::record).toList());
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
