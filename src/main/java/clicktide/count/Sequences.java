package clicktide.count;

import clicktide.event.Identity;
import clicktide.event.NodeReport;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which of our own clicks one partition of the log has brought, for ever (C3, G4): for each lane of
 * each boot of a node the ranges of sequence numbers that were seen. Numbers have no holes, so one
 * range is the rule, however long the lane runs. Not for several threads.
 */
final class Sequences {
  private final int partition;
  private final int partitions;
  private final boolean isWhole;
  private final NavigableMap<Lane, NavigableMap<Long, Long>> lanes = new TreeMap<>();
  private final Map<Long, Integer> firstBoots = new TreeMap<>(); // by node

  /** An event loop of one boot of a node. */
  private record Lane(long node, int boot, int number) implements Comparable<Lane> {
    @Override
    public int compareTo(Lane other) {
      var byNode = Long.compare(node, other.node);
      var byBoot = byNode != 0 ? byNode : Integer.compare(boot, other.boot);
      return byBoot != 0 ? byBoot : Integer.compare(number, other.number);
    }
  }

  /** {@code isWhole}: the partition was read from its very first record. */
  Sequences(int partition, int partitions, boolean isWhole) {
    this.partition = partition;
    this.partitions = partitions;
    this.isWhole = isWhole;
  }

  boolean isWhole() {
    return isWhole;
  }

  /** Says whether the click is new, and remembers it. */
  boolean add(Identity.Own click) {
    var lane = new Lane(click.node(), click.boot(), click.lane());
    var isOver = click.boot() < firstBoots.getOrDefault(click.node(), 0);
    if (isOver && !lanes.containsKey(lane)) {
      return false;
    }
    var seen = lanes.computeIfAbsent(lane, _ -> new TreeMap<>());
    var sequence = click.sequence();
    var before = seen.floorEntry(sequence);
    if (before != null && before.getValue() > sequence) {
      return false;
    }
    cover(seen, sequence % Identity.RUN == 0 ? beginning(lane, sequence) : sequence, sequence + 1);
    return true;
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

  private static void cover(NavigableMap<Long, Long> seen, long first, long behind) {
    var from = first;
    var to = behind;
    var before = seen.floorEntry(from);
    if (before != null && before.getValue() >= from) {
      from = before.getKey();
    }
    for (var next = seen.ceilingEntry(from);
        next != null && next.getKey() <= to;
        next = seen.ceilingEntry(from)) {
      to = Math.max(to, next.getValue());
      seen.remove(next.getKey());
    }
    seen.put(from, to);
  }

  /**
   * How many clicks should be here and are not, by what their node says was acknowledged: always 0,
   * or a click was lost. Where this partition was not read from its beginning, what was settled
   * when the node was first heard lies before it: all that is a repeat from now on.
   */
  long missing(NodeReport report) {
    meet(report);
    var missing = 0L;
    if (report.boot() >= firstBoots.get(report.node())) { // or it was sent before, and is late
      for (var number = 0; number < report.settled().size(); number++) {
        missing += missing(new Lane(report.node(), report.boot(), number), report, number);
      }
    }
    var over = report.leaving() ? report.boot() + 1 : report.firstBoot();
    var firstBoot = firstBoots.merge(report.node(), over, Math::max);
    lanes
        .subMap(new Lane(report.node(), 0, 0), new Lane(report.node(), firstBoot, 0))
        .values()
        .removeIf(Sequences::isWithoutHole);
    return missing;
  }

  /** What is missing of a boot that is over may come again from the dead letters. */
  private static boolean isWithoutHole(NavigableMap<Long, Long> seen) {
    return seen.isEmpty() || (seen.size() == 1 && seen.firstKey() == 0);
  }

  /** To be called before the clicks of a record are looked at. */
  void meet(NodeReport report) {
    firstBoots.putIfAbsent(report.node(), 0);
    if (report.boot() < firstBoots.get(report.node())) {
      return;
    }
    for (var number = 0; number < report.settled().size(); number++) {
      var lane = new Lane(report.node(), report.boot(), number);
      if (!lanes.containsKey(lane)) {
        var seen = new TreeMap<Long, Long>();
        if (!isWhole && report.settled().get(number) > 0) {
          cover(seen, 0, report.settled().get(number));
        }
        lanes.put(lane, seen);
      }
    }
  }

  private long missing(Lane lane, NodeReport report, int number) {
    long settled = report.settled().get(number);
    var seen = lanes.get(lane);
    var missing = 0L;
    var at = 0L;
    for (Map.Entry<Long, Long> range : seen.headMap(settled).entrySet()) {
      missing += here(lane, at, range.getKey());
      at = range.getValue();
    }
    missing += here(lane, at, settled);
    if (missing == 0 && settled > 0) {
      cover(seen, 0, settled);
    }
    return missing;
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
          seen.forEach((from, to) -> text.append(':').append(from).append(':').append(to));
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
    var seen = new TreeMap<Long, Long>();
    for (var i = 4; i + 1 < word.length; i += 2) {
      seen.put(Long.parseLong(word[i]), Long.parseLong(word[i + 1]));
    }
    lanes.put(lane, seen);
  }
}
