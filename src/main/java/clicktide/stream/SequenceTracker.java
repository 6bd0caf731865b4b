package clicktide.stream;

import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which of our own clicks one partition of the log has brought, for ever (C3, G4): for each lane of
 * each boot of a node the ranges of sequence numbers that were seen. Numbers have no holes, so one
 * range is the rule, however long the lane runs. Not for several threads.
 */
final class SequenceTracker {
  private final int partition;
  private final int partitions;
  private final boolean isWhole;
  private final NavigableMap<Lane, Intervals> lanes = new TreeMap<>();
  private final Map<Long, Integer> firstBoots = new TreeMap<>(); // by node

  /** An event loop of one boot of a node. */
  private record Lane(long node, int boot, int number) implements Comparable<Lane> {
    private static Lane of(Identity.Own click) {
      return new Lane(click.node(), click.boot(), click.lane());
    }

    @Override
    public int compareTo(Lane other) {
      var byNode = Long.compare(node, other.node);
      var byBoot = byNode != 0 ? byNode : Integer.compare(boot, other.boot);
      return byBoot != 0 ? byBoot : Integer.compare(number, other.number);
    }
  }

  /** {@code isWhole}: the partition was read from its very first record. */
  SequenceTracker(int partition, int partitions, boolean isWhole) {
    this.partition = partition;
    this.partitions = partitions;
    this.isWhole = isWhole;
  }

  boolean isWhole() {
    return isWhole;
  }

  /** Says whether the click is new, and remembers it. */
  boolean add(Identity.Own click) {
    var seen = seen(click);
    var sequence = click.sequence();
    if (seen.isEmpty() || seen.get().contains(sequence)) {
      return false;
    }
    var isFirst = sequence % Identity.RUN == 0;
    seen.get().cover(isFirst ? beginning(Lane.of(click), sequence) : sequence, sequence + 1);
    return true;
  }

  /**
   * The click cannot be counted now: its place stays free, and is known to be, even if it is the
   * last one of its lane.
   */
  void leaveOut(Identity.Own click) {
    seen(click).ifPresent(seen -> seen.leaveOut(click.sequence()));
  }

  /** Empty if the boot is over and left no hole: then everything of it was seen. */
  private Optional<Intervals> seen(Identity.Own click) {
    var lane = Lane.of(click);
    if (click.boot() < firstBoots.getOrDefault(click.node(), 0)) {
      return Optional.ofNullable(lanes.get(lane));
    }
    return Optional.of(lanes.computeIfAbsent(lane, _ -> new Intervals()));
  }

  /** The end of the run before this one that went to the same partition; no click is in between. */
  private long beginning(Lane lane, long firstOfRun) {
    var from = firstOfRun;
    while (from > 0 && !isHere(lane, from - 1)) {
      from -= Identity.RUN;
    }
    return from;
  }

  private boolean isHere(Lane lane, long sequence) {
    return new Identity.Own(lane.node, lane.boot, lane.number, sequence).partition(partitions)
        == partition;
  }

  /**
   * How many clicks should be here and are not, by what their node says was acknowledged, and by
   * the holes that boots left which are over: always 0, or a click was lost. Where this partition
   * was not read from its beginning, what was acknowledged when the node was first heard lies
   * before it: all that is a repeat from now on. What was under way just then may lie before it,
   * too, so such a reader cannot tell what is missing, and says 0.
   */
  long missing(Heartbeat report) {
    meet(report);
    var missing = 0L;
    if (report.boot() >= firstBoots.get(report.node())) { // or it was sent before, and is late
      for (var number = 0; number < report.acknowledged().size(); number++) {
        missing +=
            unacknowledged(
                new Lane(report.node(), report.boot(), number), report.acknowledged().get(number));
      }
    }
    var over = report.leaving() ? report.boot() + 1 : report.firstBoot();
    var firstBoot = firstBoots.merge(report.node(), over, Math::max);
    var isOver = lanes.subMap(new Lane(report.node(), 0, 0), new Lane(report.node(), firstBoot, 0));
    isOver.values().removeIf(Intervals::isWithoutHole); // others may come from the dead letters
    for (var lane : isOver.entrySet()) {
      missing += holes(lane.getKey(), lane.getValue().end());
    }
    return isWhole ? missing : 0;
  }

  /** To be called before the clicks of a record are looked at. */
  void meet(Heartbeat report) {
    firstBoots.putIfAbsent(report.node(), 0);
    if (report.boot() < firstBoots.get(report.node())) {
      return;
    }
    for (var number = 0; number < report.acknowledged().size(); number++) {
      var lane = new Lane(report.node(), report.boot(), number);
      if (!lanes.containsKey(lane)) {
        var seen = new Intervals();
        if (!isWhole && report.acknowledged().get(number) > 0) {
          seen.cover(0, report.acknowledged().get(number));
        }
        lanes.put(lane, seen);
      }
    }
  }

  private long unacknowledged(Lane lane, long acknowledged) {
    var missing = holes(lane, acknowledged);
    if (missing == 0 && acknowledged > 0) {
      lanes.get(lane).cover(0, acknowledged);
    }
    return missing;
  }

  /** How many numbers of [0, to) belong to this partition and were not seen. */
  private long holes(Lane lane, long to) {
    return lanes.get(lane).holes(to, (first, behind) -> here(lane, first, behind));
  }

  /** How many numbers of [from, to) belong to this partition. */
  private long here(Lane lane, long from, long to) {
    var count = 0L;
    for (var at = from; at < to; ) {
      var end = Math.min(to, (at / Identity.RUN + 1) * Identity.RUN);
      count += isHere(lane, at) ? end - at : 0;
      at = end;
    }
    return count;
  }

  /** A word for each node, {@code b:node:boot}, and lane, {@code s:node:boot:lane:from:to…}. */
  void write(StringBuilder text) {
    firstBoots.forEach(
        (node, boot) -> text.append(" b:").append(Long.toHexString(node)).append(':').append(boot));
    lanes.forEach(
        (lane, seen) -> {
          text.append(" s:").append(Long.toHexString(lane.node));
          text.append(':').append(lane.boot).append(':').append(lane.number);
          seen.write(text);
        });
  }

  void readBoot(String[] word) {
    firstBoots.put(Long.parseUnsignedLong(word[1], 16), Integer.parseInt(word[2]));
  }

  void readLane(String[] word) {
    var lane =
        new Lane(
            Long.parseUnsignedLong(word[1], 16),
            Integer.parseInt(word[2]),
            Integer.parseInt(word[3]));
    lanes.put(lane, Intervals.read(word, 4));
  }
}
