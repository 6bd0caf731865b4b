package clicktide.stream;

import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.UnknownFields;
import clicktide.wire.SavedState;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The own clicks that were read from one partition of the log, without a limit in time (C3, G4):
 * ranges of sequence numbers for each lane of each boot of a node. The numbers have no gaps, so one
 * range is usual, however long the lane runs. Not for several threads.
 */
final class SequenceTracker {
  private final int partition;
  private final int partitions;
  private final boolean isWhole;
  private final NavigableMap<LaneKey, LaneNumbers> lanes = new TreeMap<>();
  private final SortedMap<Long, Integer> firstBoots = new TreeMap<>(); // by node
  private Optional<LastLane> last = Optional.empty(); // of the last click that was added

  /** {@code isWhole}: the partition was read from its very first record. */
  SequenceTracker(int partition, int partitions, boolean isWhole) {
    this.partition = partition;
    this.partitions = partitions;
    this.isWhole = isWhole;
  }

  static SequenceTracker of(SavedState saved, int partition, int partitions) {
    var tracker = new SequenceTracker(partition, partitions, saved.isWhole());
    tracker.restore(saved);
    return tracker;
  }

  /** Adds the nodes of a saved state. */
  void restore(SavedState saved) {
    last = Optional.empty();
    firstBoots.putAll(saved.firstBoots());
    for (var lane : saved.lanes()) {
      lanes.put(
          new LaneKey(lane.node(), lane.boot(), lane.number()),
          new LaneNumbers(Intervals.of(lane.ranges()), lane.unknown()));
    }
  }

  Set<Long> nodes() {
    var nodes = new TreeSet<>(firstBoots.keySet());
    lanes.keySet().forEach(lane -> nodes.add(lane.node()));
    return nodes;
  }

  /** Removes a node and returns its state, with a clock of the caller. */
  SavedState remove(long node, SavedState.BrokerClock clock) {
    last = Optional.empty();
    var firstBoot = Optional.ofNullable(firstBoots.remove(node));
    var own = lanes.subMap(LaneKey.first(node), true, LaneKey.last(node), true);
    var saved = own.entrySet().stream().map(lane -> saved(lane.getKey(), lane.getValue())).toList();
    own.clear();
    return new SavedState(
        false,
        Optional.of(clock),
        List.of(),
        firstBoot.map(boot -> Map.of(node, boot)).orElse(Map.of()),
        saved,
        UnknownFields.NONE);
  }

  boolean isWhole() {
    return isWhole;
  }

  /** Returns for each node the first boot whose clicks may still be sent. */
  Map<Long, Integer> firstBoots() {
    return new TreeMap<>(firstBoots);
  }

  List<SavedState.SavedLane> lanes() {
    return lanes.entrySet().stream().map(lane -> saved(lane.getKey(), lane.getValue())).toList();
  }

  private static SavedState.SavedLane saved(LaneKey lane, LaneNumbers seen) {
    return new SavedState.SavedLane(
        lane.node(), lane.boot(), lane.number(), seen.numbers().ranges(), seen.unknown());
  }

  /** Remembers a click. Returns false if it was read before. */
  boolean add(Identity.Own click) {
    if (last.isEmpty() || !last.get().isOf(click)) {
      last = seen(click).map(numbers -> new LastLane(LaneKey.of(click), numbers));
    }
    var sequence = click.sequence();
    if (last.isEmpty() || last.get().numbers().contains(sequence)) {
      return false;
    }
    var lane = last.get();
    var isFirst = sequence % Identity.RUN == 0;
    lane.numbers().cover(isFirst ? beginning(lane.key(), sequence) : sequence, sequence + 1);
    return true;
  }

  /**
   * Marks a click that cannot be counted now. Its number stays free and is known to be free, even
   * if it is the last one of its lane.
   */
  void leaveOut(Identity.Own click) {
    seen(click).ifPresent(seen -> seen.leaveOut(click.sequence()));
  }

  /** Returns nothing if the boot is over and left no gap: then all of its clicks were read. */
  private Optional<Intervals> seen(Identity.Own click) {
    var lane = LaneKey.of(click);
    if (click.boot() < firstBoots.getOrDefault(click.node(), 0)) {
      return Optional.ofNullable(lanes.get(lane)).map(LaneNumbers::numbers);
    }
    return Optional.of(lanes.computeIfAbsent(lane, _ -> LaneNumbers.nothing()).numbers());
  }

  /** Returns the end of the previous run of this partition; no click lies between both runs. */
  private long beginning(LaneKey lane, long firstOfRun) {
    var from = firstOfRun;
    while (from > 0 && !isHere(lane, from - 1)) {
      from -= Identity.RUN;
    }
    return from;
  }

  private boolean isHere(LaneKey lane, long sequence) {
    return new Identity.Own(lane.node(), lane.boot(), lane.number(), sequence).partition(partitions)
        == partition;
  }

  /** Takes the heartbeat of a record before the clicks of that record. */
  void announce(Heartbeat heartbeat) {
    last = Optional.empty(); // a heartbeat may end a boot
    firstBoots.putIfAbsent(heartbeat.node(), 0);
    if (heartbeat.boot() < firstBoots.get(heartbeat.node())) {
      return;
    }
    for (var number = 0; number < heartbeat.acknowledged().size(); number++) {
      var lane = new LaneKey(heartbeat.node(), heartbeat.boot(), number);
      if (!lanes.containsKey(lane)) {
        var seen = LaneNumbers.nothing();
        if (!isWhole && heartbeat.acknowledged().get(number) > 0) {
          seen.numbers().cover(0, heartbeat.acknowledged().get(number));
        }
        lanes.put(lane, seen);
      }
    }
  }

  /**
   * Returns how many clicks should have been read and were not: acknowledged numbers of the running
   * boot, and gaps of boots that are over. Any number but 0 is a loss.
   *
   * <p>A partition that was not read from its first record takes everything that was acknowledged
   * before a node's first heartbeat as read. Clicks that were under way at that moment may lie
   * before the first record as well, so the result is 0 for such a partition.
   */
  long missing(Heartbeat heartbeat) {
    announce(heartbeat);
    var missing = 0L;
    if (heartbeat.boot() >= firstBoots.get(heartbeat.node())) { // else it is late
      for (var number = 0; number < heartbeat.acknowledged().size(); number++) {
        var lane = new LaneKey(heartbeat.node(), heartbeat.boot(), number);
        missing += missing(lane, heartbeat.acknowledged().get(number));
      }
    }
    var next = heartbeat.leaving() ? heartbeat.boot() + 1 : heartbeat.firstBoot();
    var firstBoot = firstBoots.merge(heartbeat.node(), next, Math::max);
    var over =
        lanes.subMap(
            new LaneKey(heartbeat.node(), 0, 0), new LaneKey(heartbeat.node(), firstBoot, 0));
    over.values().removeIf(seen -> seen.numbers().isWithoutGap()); // others may be sent again
    for (var lane : over.entrySet()) {
      missing += gaps(lane.getKey(), lane.getValue().numbers().end());
    }
    return isWhole ? missing : 0;
  }

  private long missing(LaneKey lane, long acknowledged) {
    var missing = gaps(lane, acknowledged);
    if (missing == 0 && acknowledged > 0) {
      lanes.get(lane).numbers().cover(0, acknowledged);
    }
    return missing;
  }

  /** Returns how many numbers of [0, to) belong to this partition and were not read. */
  private long gaps(LaneKey lane, long to) {
    return lanes.get(lane).numbers().gaps(to, (from, end) -> here(lane, from, end));
  }

  /** Returns how many numbers of [from, to) belong to this partition. */
  private long here(LaneKey lane, long from, long to) {
    var count = 0L;
    for (var at = from; at < to; ) {
      var end = Math.min(to, (at / Identity.RUN + 1) * Identity.RUN);
      count += isHere(lane, at) ? end - at : 0;
      at = end;
    }
    return count;
  }
}
