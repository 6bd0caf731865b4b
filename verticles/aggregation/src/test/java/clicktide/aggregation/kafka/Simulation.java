package clicktide.aggregation.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.TestClicks;
import clicktide.enrich.Traffic;
import clicktide.event.DeadLetter;
import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.kafka.KafkaCluster;
import clicktide.kafka.Topic;
import clicktide.store.DeploymentName;
import clicktide.store.Sink;
import clicktide.store.Unavailable;
import clicktide.time.TimeSource;
import clicktide.wire.EncodedEvent;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import clicktide.wire.TextSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * The real pass, its followers and its codec between a simulated log and two simulated stores, on a
 * virtual clock and one thread: everything that happens is decided by the seed.
 */
final class Simulation {
  private static final int PARTITIONS = 4;
  private static final int STEPS = 600;
  private static final Topic TOPIC = new Topic("events", "id", PARTITIONS);

  private final Random random;
  private final SimulatedLog log;
  private final Map<SimulatedStore, List<LinkClick>> uncounted = new LinkedHashMap<>();
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final List<Counter> processes = new ArrayList<>();
  private final Map<Identity, LinkClick> oracle = new HashMap<>();
  private final Set<String> deadLetters = new HashSet<>();
  private int poison;
  private Instant now = Instant.parse("2026-05-03T12:00:00Z");
  private boolean isCalm;

  Simulation(long seed) {
    random = new Random(seed);
    log = new SimulatedLog(PARTITIONS, random);
    uncounted.put(new SimulatedStore(random), new ArrayList<>());
    uncounted.put(new SimulatedStore(random), new ArrayList<>());
    for (var i = 1; i <= 2; i++) {
      nodes.add(new SimulatedNode(i, log, random));
      processes.add(new Counter());
    }
    nodes.forEach(node -> node.tick(now));
  }

  /** Runs, heals, drains and compares; says how many clicks there were. */
  long run() {
    for (var step = 0; step < STEPS; step++) {
      step();
      if (step % 10 == 0) {
        uncounted.forEach(this::claimsNothing);
      }
    }
    isCalm = true;
    uncounted.keySet().forEach(SimulatedStore::calm);
    drain();
    uncounted.keySet().forEach(this::compare);
    return oracle.size();
  }

  private void step() {
    now = now.plusMillis(random.nextInt(300));
    var node = nodes.get(random.nextInt(nodes.size()));
    switch (random.nextInt(28)) {
      case 0, 1, 2, 3 -> {
        for (var clicks = random.nextInt(20); clicks > 0; clicks--) {
          remember(node.click(now));
        }
      }
      case 4, 5, 6 -> node.send(now);
      case 7, 8, 9 -> node.arrive(now, false);
      case 10, 11 -> nodes.forEach(one -> one.tick(now));
      case 12 -> collect();
      case 13 -> poison();
      case 14 -> rarely(10, node::die);
      case 15 -> rarely(3, this::rebalance);
      case 16 -> rarely(15, this::wipe);
      case 17 -> rarely(3, processes.get(random.nextInt(processes.size()))::die);
      case 18 -> rarely(3, processes.get(random.nextInt(processes.size()))::joinAgain);
      case 19 -> rarely(4, () -> now = now.plusSeconds(40)); // nodes that are gone end
      default -> processes.get(random.nextInt(processes.size())).step();
    }
  }

  private void rarely(int oneIn, Runnable what) {
    if (random.nextInt(oneIn) == 0) {
      what.run();
    }
  }

  private void remember(LinkClick click) {
    if (oracle.put(click.identity(), click) == null) {
      uncounted.values().forEach(clicks -> clicks.add(click));
    }
  }

  /** An event of a collector, sent once or more, in one record or in several. */
  private void collect() {
    var id = Identity.Collected.of(TestClicks.OWNER, "event-" + random.nextInt(500));
    var click = oracle.getOrDefault(id, TestClicks.click(id, 1 + random.nextInt(5), now));
    remember(click);
    for (var copies = 1 + random.nextInt(3); copies > 0; copies--) {
      var clicks = List.of(EncodedEvent.of(click), EncodedEvent.of(click));
      var envelope = new Envelope(now, Duration.ZERO, Heartbeat.NONE, clicks);
      log.append(id.partition(PARTITIONS), now, EnvelopeCodec.encode(envelope));
    }
  }

  private void poison() {
    var bytes = new byte[random.nextInt(30)];
    random.nextBytes(bytes);
    if (bytes.length > 0) {
      bytes[0] = 7; // a wire type that does not exist
    }
    log.append(random.nextInt(PARTITIONS), now, bytes);
    poison++;
  }

  private void wipe() {
    var stores = List.copyOf(uncounted.keySet());
    var store = stores.get(random.nextInt(stores.size()));
    store.wipe(random.nextInt(PARTITIONS));
    uncounted.put(store, new ArrayList<>(oracle.values()));
  }

  /** Each partition gets an owner; a process that does not hear of it goes on as before. */
  private void rebalance() {
    var owners =
        IntStream.range(0, PARTITIONS).map(_ -> random.nextInt(processes.size())).toArray();
    for (var number = 0; number < processes.size(); number++) {
      var mine = number;
      if (isCalm || random.nextInt(4) > 0) {
        processes
            .get(number)
            .assign(
                IntStream.range(0, PARTITIONS)
                    .filter(partition -> owners[partition] == mine)
                    .boxed()
                    .toList());
      }
    }
  }

  /** G14: whatever was answered before freshThrough is counted, or its node is named. */
  private void claimsNothing(SimulatedStore store, List<LinkClick> open) {
    var through = store.through(PARTITIONS);
    open.removeIf(click -> store.has(click.identity()));
    for (var click : open) {
      if (click.identity() instanceof Identity.Own own && click.at().isBefore(through)) {
        assertThat(isSilent(store, own.node()))
            .as("%s of %s is not counted, before %s all is said to be", own, click.at(), through)
            .isTrue();
      }
    }
  }

  /** A start speaks for the earlier ones on its data folder, so its silence covers their clicks. */
  private boolean isSilent(SimulatedStore store, long start) {
    return nodes.stream()
        .map(SimulatedNode::starts)
        .filter(starts -> starts.contains(start))
        .anyMatch(starts -> starts.stream().anyMatch(store::isSilent));
  }

  private void drain() {
    rebalanceAll();
    for (var node : nodes) {
      while (!node.open().isEmpty()) {
        node.send(now);
        node.arrive(now, true);
      }
    }
    now = now.plus(Duration.ofSeconds(5));
    nodes.forEach(node -> node.tick(now));
    for (var tries = 0; tries < 10_000 && !isDrained(); tries++) {
      processes.forEach(Counter::step);
    }
  }

  private void rebalanceAll() {
    processes.get(1).assign(List.of());
    for (var steps = 0; steps < 20; steps++) { // until its followers have released everything
      processes.get(1).step();
    }
    processes.get(0).die();
    processes.get(0).assign(IntStream.range(0, PARTITIONS).boxed().toList());
  }

  private boolean isDrained() {
    return uncounted.keySet().stream().allMatch(this::isDrained);
  }

  private boolean isDrained(SimulatedStore store) {
    return IntStream.range(0, PARTITIONS)
        .allMatch(partition -> store.next(partition) == log.end(partition));
  }

  private void compare(SimulatedStore store) {
    assertThat(isDrained(store)).as("everything was read").isTrue();
    var expected =
        oracle.values().stream()
            .map(click -> TestClicks.visit(click, Traffic.HUMAN, "DE", "", 1))
            .toList();
    assertThat(store.counted().keySet()).isEqualTo(oracle.keySet());
    assertThat(SimulatedStore.cells(store.counted().values()))
        .isEqualTo(SimulatedStore.cells(expected));
    assertThat(store.countedAgain()).isZero();
    assertThat(deadLetters).hasSize(poison);
    assertThat(processes.get(0).missing()).isZero();
    assertThat(store.through(PARTITIONS)).isEqualTo(now);
  }

  /** A process that counts: a pass with a follower for each store, which all can fail. */
  private final class Counter {
    private List<Integer> mine = List.of();
    private LogConsumer consumer;
    private PassConsumer pass;
    private SimpleMeterRegistry metrics;
    private final List<PassLink> links = new ArrayList<>();
    private final List<SinkPartitions> followers = new ArrayList<>();
    private final LogSource source =
        new LogSource(
            new KafkaCluster(Map.of()),
            TOPIC,
            DeploymentName.NONE,
            Path.of("unused"),
            TimeSource.of(() -> Simulation.this.now));
    private final LogFollower.Enricher enricher =
        (click, logged) ->
            TestClicks.at(TestClicks.visit(click, Traffic.HUMAN, "DE", "", 1), logged);

    private Counter() {
      die();
    }

    private void die() {
      metrics = new SimpleMeterRegistry();
      links.clear();
      followers.clear();
      for (var store : uncounted.keySet()) {
        follow(store);
      }
      join();
      assign(mine);
    }

    private void follow(SimulatedStore store) {
      var plan =
          new LogFollower.Plan(Duration.ofMillis(1), 50, Duration.ofDays(21), enricher, this::keep);
      var link = new PassLink(40, Duration.ZERO, source.time());
      var catchUp =
          new CatchUp(source, LogConsumer::new, enricher, RecordInHand.inMemory(), Duration.ZERO);
      var sink = store.sink("simulated" + followers.size());
      var follower = new FollowerMetrics(metrics, sink.name(), source.time());
      links.add(link);
      followers.add(new SinkPartitions(source, plan, sink, link, catchUp, follower));
    }

    private void join() {
      consumer = new LogConsumer();
      var decoder =
          new RecordDecoder(TOPIC.id(), enricher, RecordInHand.inMemory(), TextSource.NEW);
      pass = new PassConsumer(consumer, source, decoder, links, Duration.ZERO);
    }

    /** A reading that fails leaves the group and joins it again. */
    private void joinAgain() {
      consumer.rebalance(List.of());
      join();
      assign(mine);
    }

    private void keep(List<DeadLetter> dead) {
      dead.forEach(one -> deadLetters.add(one.position().key()));
    }

    private void assign(List<Integer> assigned) {
      mine = assigned;
      consumer.rebalance(assigned.stream().map(Simulation::place).toList());
    }

    private void step() {
      try {
        if (random.nextInt(3) > 0) {
          pass.read();
        }
        for (var follower : followers) {
          if (random.nextInt(4) > 0) {
            step(follower);
          }
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private void step(SinkPartitions follower) throws InterruptedException {
      try {
        follower.read(0);
        if (random.nextInt(3) > 0) {
          follower.flush();
        }
      } catch (Unavailable | Sink.BatchRefused _) {
        follower.restart(Duration.ZERO);
      }
    }

    private double missing() {
      return metrics.get("clicks_missing").gauges().stream().mapToDouble(Gauge::value).sum();
    }
  }

  private static TopicPartition place(int partition) {
    return new TopicPartition(TOPIC.name(), partition);
  }

  /** A consumer of the simulated log, which gets some records with each poll. */
  private final class LogConsumer extends MockConsumer<Void, byte[]> {
    private LogConsumer() {
      super("none");
      stretch();
    }

    private void stretch() {
      for (var partition = 0; partition < PARTITIONS; partition++) {
        updateBeginningOffsets(Map.of(place(partition), 0L));
        updateEndOffsets(Map.of(place(partition), log.end(partition)));
      }
    }

    @Override
    public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> places) {
      stretch();
      return super.endOffsets(places);
    }

    @Override
    public synchronized ConsumerRecords<Void, byte[]> poll(Duration patience) {
      stretch();
      var places = new TreeSet<>(Comparator.comparingInt(TopicPartition::partition));
      places.addAll(assignment());
      places.removeAll(paused());
      for (var place : places) {
        for (var entry : log.read(place.partition(), position(place), 1 + random.nextInt(5))) {
          addRecord(
              new ConsumerRecord<>(
                  place.topic(),
                  place.partition(),
                  entry.offset(),
                  entry.loggedAt().toEpochMilli(),
                  TimestampType.LOG_APPEND_TIME,
                  0,
                  entry.value().length,
                  null,
                  entry.value(),
                  new RecordHeaders(),
                  Optional.empty()));
        }
      }
      return super.poll(patience);
    }
  }
}
