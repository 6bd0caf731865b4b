package clicktide.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * A peer that counts with Kafka Streams and exactly-once (KIP-447): {@code StreamsPeer FOLDER}, the
 * data folder of the product. It leaves repeated clicks out, and counts per link and minute in a
 * store with a changelog. It has no dimensions and writes to no other store.
 */
public final class StreamsPeer {
  private static final String LANES = "lanes";
  private static final String COUNTS = "counts";
  private static final AtomicLong counted = new AtomicLong();

  private StreamsPeer() {}

  public static void main(String[] arguments) throws Exception {
    var data = Path.of(arguments[0]);
    var properties = new PeerServers(data).kafka();
    properties.putAll(
        Map.of(
            StreamsConfig.APPLICATION_ID_CONFIG,
            "streams-peer",
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            StreamsConfig.EXACTLY_ONCE_V2,
            StreamsConfig.STATE_DIR_CONFIG,
            data.resolve("streams-peer").toString(),
            StreamsConfig.REPLICATION_FACTOR_CONFIG,
            1,
            StreamsConfig.NUM_STREAM_THREADS_CONFIG,
            2,
            StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
            1_000, // as often as the rollup sink
            "auto.offset.reset",
            "earliest"));
    try (var streams = new KafkaStreams(topology(), properties)) {
      streams.start();
      while (true) { // until the process is stopped
        System.out.println(counted);
        TimeUnit.MILLISECONDS.sleep(500);
      }
    }
  }

  private static Topology topology() {
    var bytes = new ByteArrayDeserializer();
    return new Topology()
        .addSource("events", bytes, bytes, "events")
        .addProcessor("counter", Counter::new, "events")
        .addStateStore(store(LANES), "counter")
        .addStateStore(store(COUNTS), "counter");
  }

  private static StoreBuilder<KeyValueStore<String, Long>> store(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.Long())
        .withCachingEnabled();
  }

  /** Counter of one partition. A repeat has a sequence number that its lane has passed. */
  private static final class Counter implements Processor<byte[], byte[], Void, Void> {
    private KeyValueStore<String, Long> lanes;
    private KeyValueStore<String, Long> counts;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      lanes = context.getStateStore(LANES);
      counts = context.getStateStore(COUNTS);
    }

    @Override
    public void process(Record<byte[], byte[]> event) {
      try {
        LoggedClick.readAll(event.value()).forEach(this::count);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void count(LoggedClick click) {
      var last = lanes.get(click.lane());
      if (last == null || last < click.sequence()) {
        lanes.put(click.lane(), click.sequence());
        var key = click.link() + " " + click.minute();
        var before = counts.get(key);
        counts.put(key, before == null ? 1 : before + 1);
        counted.incrementAndGet();
      }
    }
  }
}
