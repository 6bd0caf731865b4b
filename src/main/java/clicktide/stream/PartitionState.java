package clicktide.stream;

import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the owner of a partition has to remember between two batches: which of our own clicks it has
 * seen, and how far it has read. A sink keeps it in its fence, changed together with the counts, so
 * nothing is guessed after a crash. Not for several threads.
 */
public final class PartitionState {
  private final SequenceTracker sequences;
  private final Watermark watermark = new Watermark();
  private final Map<Long, Long> missing = new HashMap<>(); // by node

  private PartitionState(SequenceTracker sequences) {
    this.sequences = sequences;
  }

  /** Of a partition that nobody counted before; {@code isWhole}: from its very first record. */
  public static PartitionState begin(int partition, int partitions, boolean isWhole) {
    return new PartitionState(new SequenceTracker(partition, partitions, isWhole));
  }

  /** As {@link #write} left it. */
  public static PartitionState read(String text, int partition, int partitions) {
    var words = text.split(" ", -1);
    var progress = begin(partition, partitions, words[0].equals("whole"));
    for (var i = 1; i < words.length; i++) {
      var word = words[i].split(":", -1);
      switch (word[0]) {
        case "b" -> progress.sequences.readBoot(word);
        case "s" -> progress.sequences.readLane(word);
        case "w" -> progress.watermark.readClock(word);
        case "n" -> progress.watermark.readNode(word);
        default -> throw new IllegalArgumentException("a fence of a newer version: " + words[i]);
      }
    }
    return progress;
  }

  /** The text that a fence keeps. */
  public String write() {
    var text = new StringBuilder(sequences.isWhole() ? "whole" : "part");
    watermark.write(text);
    sequences.write(text);
    return text.toString();
  }

  /** Whether a click is new here. */
  public boolean isNew(Identity.Own click) {
    return sequences.add(click);
  }

  /** A click that cannot be counted now may come again from the dead letters. */
  public void leaveOut(Identity.Own click) {
    sequences.leaveOut(click);
  }

  /** Before the events of a record. */
  public void meet(Heartbeat report) {
    if (!report.equals(Heartbeat.NONE)) {
      sequences.meet(report);
    }
  }

  /**
   * After the events of a record: the broker's stamp, the time of sending by the node's clock
   * without any correction, and what the node says of itself.
   */
  public void heard(Instant loggedAt, Instant sentAt, Heartbeat report) {
    watermark.observe(loggedAt, sentAt, report);
    if (!report.equals(Heartbeat.NONE)) {
      missing.put(report.node(), sequences.missing(report));
    }
  }

  /**
   * Clicks that their nodes say they have sent here, and that are not here: 0, or a loss. A reader
   * that began in the middle cannot tell.
   */
  public long missing() {
    return missing.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Every click answered before this instant was read; 1970 if nobody can say. */
  public Instant through() {
    return watermark.through();
  }

  /** Nodes that were not heard for 30 s and may have clicks under way. */
  public Set<Long> silent() {
    return watermark.silent();
  }
}
