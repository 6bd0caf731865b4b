package clicktide.kafka;

import clicktide.store.Unavailable;
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
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/** A producer whose caller waits until Kafka has all records durably. */
final class BlockingProducer<K> implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 10;

  private final KafkaProducer<K, byte[]> producer;

  BlockingProducer(KafkaCluster kafka, Serializer<K> keys) {
    producer =
        new KafkaProducer<>(
            kafka.client(
                Map.of(
                    "acks", "all",
                    "enable.idempotence", "true",
                    "max.block.ms", "5000",
                    "delivery.timeout.ms", "10000",
                    "request.timeout.ms", "5000")),
            keys,
            new ByteArraySerializer());
  }

  /** Throws {@link Unavailable} if not all records are kept in time; some of them may be. */
  void send(List<ProducerRecord<K, byte[]>> records) {
    try {
      var sent = records.stream().map(producer::send).toList();
      for (Future<RecordMetadata> done : sent) {
        done.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new Unavailable(
          "Topic %s takes no records: %s".formatted(records.getFirst().topic(), e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Unavailable("Interrupted while Kafka was called");
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
