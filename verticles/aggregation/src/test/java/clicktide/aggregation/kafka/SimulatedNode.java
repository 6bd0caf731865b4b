package clicktide.aggregation.kafka;

import clicktide.count.TestClicks;
import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.wire.EncodedEvent;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A node that answers clicks and sends them: out of order, late, twice, and again after it died. It
 * reports what it knows and nothing else. One thread.
 */
final class SimulatedNode {
  private final List<Long> previous = new ArrayList<>();
  private long number;
  private final SimulatedLog log;
  private final Random random;
  private final TreeMap<Long, LinkClick> open = new TreeMap<>(); // of this start, by sequence
  private final List<LinkClick> left = new ArrayList<>(); // by starts before
  private final List<Sending> underWay = new ArrayList<>();
  private long sequence;

  /** A record on its way, with the clicks in it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Sending(int partition, byte[] bytes, List<LinkClick> clicks) {}

  SimulatedNode(long number, SimulatedLog log, Random random) {
    this.number = number;
    this.log = log;
    this.random = random;
  }

  LinkClick click(Instant now) {
    var identity = new Identity.Own(number, 1, 0, sequence++);
    var click = TestClicks.click(identity, 1 + random.nextInt(5), now);
    open.put(identity.sequence(), click);
    return click;
  }

  /** Clicks that were answered and, as far as the node knows, are not in the log. */
  List<LinkClick> open() {
    var all = new ArrayList<>(left);
    all.addAll(open.values());
    return all;
  }

  /** All starts on the data folder: the newest one reports clicks of the earlier ones too. */
  Set<Long> starts() {
    var starts = new HashSet<>(previous);
    starts.add(number);
    return starts;
  }

  private Heartbeat report(Instant now) {
    var oldest = now;
    for (var click : open()) {
      oldest = click.at().isBefore(oldest) ? click.at() : oldest;
    }
    var acknowledged = open.isEmpty() ? sequence : open.firstKey();
    return new Heartbeat(
        number,
        1,
        left.isEmpty() ? 1 : 0,
        oldest,
        List.of(acknowledged),
        List.copyOf(previous),
        false);
  }

  void tick(Instant now) {
    for (var partition = 0; partition < log.partitions(); partition++) {
      log.append(partition, now, encode(now, List.of()));
    }
  }

  private byte[] encode(Instant now, List<LinkClick> clicks) {
    var encoded = clicks.stream().map(EncodedEvent::of).toList();
    return EnvelopeCodec.encode(new Envelope(now, Duration.ZERO, report(now), encoded));
  }

  /** Puts some open clicks on their way; they stay open until the log has acknowledged them. */
  void send(Instant now) {
    var some = open();
    var from = some.isEmpty() ? 0 : random.nextInt(some.size());
    var to = Math.min(some.size(), from + 1 + random.nextInt(40));
    Map<Integer, List<LinkClick>> byPartition = new HashMap<>();
    for (var click : some.subList(from, to)) {
      var partition = ((Identity.Own) click.identity()).partition(log.partitions());
      byPartition.computeIfAbsent(partition, _ -> new ArrayList<>()).add(click);
    }
    byPartition.forEach(
        (partition, clicks) -> underWay.add(new Sending(partition, encode(now, clicks), clicks)));
  }

  /** The log takes one of them, perhaps twice; the acknowledgement may be lost. */
  void arrive(Instant now, boolean isCalm) {
    if (underWay.isEmpty()) {
      return;
    }
    var sending = underWay.remove(isCalm ? 0 : random.nextInt(underWay.size()));
    for (var copies = isCalm ? 1 : 1 + random.nextInt(2); copies > 0; copies--) {
      log.append(sending.partition, now, sending.bytes);
    }
    if (isCalm || random.nextInt(4) > 0) {
      sending.clicks.forEach(this::acknowledged);
    }
  }

  private void acknowledged(LinkClick click) {
    left.remove(click);
    if (click.identity() instanceof Identity.Own own && own.node() == number) {
      open.remove(own.sequence());
    }
  }

  /** What was on its way never arrives; what is open is sent by the next start. */
  void die() {
    underWay.clear();
    left.addAll(open.values());
    open.clear();
    previous.add(number);
    number = random.nextLong();
    sequence = 0;
  }
}
