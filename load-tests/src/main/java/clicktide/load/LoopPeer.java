package clicktide.load;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A peer that counts with a plain loop: {@code LoopPeer FOLDER}, the data folder of the product. It
 * leaves repeated clicks out, counts per link and minute in a map, and adds the sums to PostgreSQL
 * once a second, in one transaction with its positions. It has no dimensions and one store.
 */
public final class LoopPeer {
  private static final String TABLES =
      """
      CREATE TABLE IF NOT EXISTS peer_count (link bigint, minute bigint, clicks bigint, PRIMARY KEY (link, minute));
      CREATE TABLE IF NOT EXISTS peer_position (part int PRIMARY KEY, next bigint NOT NULL)""";
  private static final String ADD =
      """
      INSERT INTO peer_count AS known
      SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[])
      ON CONFLICT (link, minute) DO UPDATE SET clicks = known.clicks + excluded.clicks""";
  private static final String MOVE = // no row if another process has moved it
      """
      INSERT INTO peer_position AS known VALUES (?, ?)
      ON CONFLICT (part) DO UPDATE SET next = excluded.next WHERE known.next = ?""";

  private final Connection postgres;
  private final Map<String, Long> lanes = new HashMap<>(); // last sequence by partition and lane
  private final Map<CountKey, Long> sums = new HashMap<>();
  private final Map<Integer, Long> positions = new HashMap<>(); // applied, by partition
  private long counted;

  private LoopPeer(Connection postgres) {
    this.postgres = postgres;
  }

  private record CountKey(long link, long minute) {}

  public static void main(String[] arguments) throws Exception {
    var product = new PeerServers(Path.of(arguments[0]));
    var bytes = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<>(product.kafka(), bytes, bytes);
        var postgres = product.postgres()) {
      new LoopPeer(postgres).run(consumer);
    }
  }

  private void run(KafkaConsumer<byte[], byte[]> consumer) throws IOException, SQLException {
    try (var statement = postgres.createStatement()) {
      statement.execute(TABLES);
    }
    postgres.setAutoCommit(false);
    var partitions =
        consumer.partitionsFor("events").stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    for (var partition : partitions) {
      positions.put(partition.partition(), consumer.position(partition));
    }
    var applied = System.nanoTime();
    while (true) {
      for (var event : consumer.poll(Duration.ofMillis(50))) {
        for (var click : LoggedClick.readAll(event.value())) {
          count(event.partition(), click);
        }
      }
      if (System.nanoTime() - applied >= TimeUnit.SECONDS.toNanos(1)) {
        apply(consumer, partitions);
        applied = System.nanoTime();
      }
      System.out.println(counted);
    }
  }

  private void count(int partition, LoggedClick click) {
    var lane = partition + "." + click.lane();
    if (lanes.getOrDefault(lane, -1L) < click.sequence()) {
      lanes.put(lane, click.sequence());
      sums.merge(new CountKey(click.link(), click.minute()), 1L, Long::sum);
      counted++;
    }
  }

  private void apply(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
      throws SQLException {
    try (var add = postgres.prepareStatement(ADD);
        var move = postgres.prepareStatement(MOVE)) {
      var keys = List.copyOf(sums.keySet());
      add.setArray(1, array(keys.stream().map(CountKey::link).toList()));
      add.setArray(2, array(keys.stream().map(CountKey::minute).toList()));
      add.setArray(3, array(keys.stream().map(sums::get).toList()));
      add.executeUpdate();
      for (var partition : partitions) {
        var next = consumer.position(partition);
        move.setInt(1, partition.partition());
        move.setLong(2, next);
        move.setLong(3, positions.put(partition.partition(), next));
        if (move.executeUpdate() != 1) {
          throw new SQLException("Another process has moved the position");
        }
      }
    }
    postgres.commit();
    sums.clear();
  }

  private Array array(List<Long> values) throws SQLException {
    return postgres.createArrayOf("bigint", values.toArray());
  }
}
