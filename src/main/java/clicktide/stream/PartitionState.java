package clicktide.stream;

import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.UnknownFields;
import clicktide.store.Batch;
import clicktide.wire.SavedState;
import clicktide.wire.SavedState.BrokerClock;
import clicktide.wire.SavedStateCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The state of one partition between two batches: the own clicks that were read, and the watermark.
 * A sink keeps it in its fence and changes it together with the counts, so a new owner resumes
 * exactly. Not for several threads.
 *
 * <p>The sink keeps nodes that ended apart, because it writes the fence with every batch. A node
 * ends when the watermark has dropped it and no record has named it for 30 s. Its state is exact
 * either way: the next record that names the node takes it back.
 *
 * <p>The fence stores one text: the word {@code protobuf} and the Protobuf message in Base64. It is
 * a text because the fence is a text column in PostgreSQL and an argument of a script in Redis.
 * Versions before this form fail on its second word and do not guess.
 */
public final class PartitionState {
  private static final String FORM = "protobuf ";
  private static final int MAX_ENDED = 1_000; // nodes that end with one batch

  private final SequenceTracker sequences;
  private final Watermark watermark;
  private final UnknownFields unknown;
  private final Map<Long, Long> missing = new HashMap<>(); // by node, without zeros
  private final EndedNodeStates ended = new EndedNodeStates();
  private final Set<Long> named = new HashSet<>(); // nodes in records since the last batch
  private final Map<Long, Instant> lastRecords = new HashMap<>(); // by node that has not ended
  private long lastNamed; // of named, unless that is empty

  private PartitionState(SequenceTracker sequences, Watermark watermark, UnknownFields unknown) {
    this.sequences = sequences;
    this.watermark = watermark;
    this.unknown = unknown;
  }

  /** Returns the state of a new partition. {@code isWhole}: it is read from its first record. */
  public static PartitionState begin(int partition, int partitions, boolean isWhole) {
    var sequences = new SequenceTracker(partition, partitions, isWhole);
    return new PartitionState(sequences, new Watermark(), UnknownFields.NONE);
  }

  /**
   * Reads what {@link #write} or an earlier version has written, and the texts of {@link
   * #endNodes}, by node. Throws {@link IllegalArgumentException} for a text that this version
   * cannot use exactly.
   */
  public static PartitionState read(
      String text, Map<Long, String> ended, int partition, int partitions) {
    var saved =
        text.startsWith(FORM)
            ? SavedStateCodec.decode(Base64.getDecoder().decode(text.substring(FORM.length())))
            : WordState.read(text);
    var sequences = SequenceTracker.of(saved, partition, partitions);
    var state = new PartitionState(sequences, Watermark.of(saved), saved.unknown());
    var nodes = sequences.nodes();
    ended.forEach(
        (node, endedText) -> {
          if (!nodes.contains(node)) { // else it was taken back after the text was written
            state.ended.load(node, endedText);
          }
        });
    return state;
  }

  /** Returns the text that the fence keeps. */
  public String write() {
    return FORM + Base64.getEncoder().encodeToString(SavedStateCodec.encode(saved()));
  }

  SavedState saved() {
    return new SavedState(
        sequences.isWhole(),
        watermark.clock(),
        watermark.nodes(),
        sequences.firstBoots(),
        sequences.lanes(),
        unknown);
  }

  /** Remembers a click. Returns false if it was read before. */
  public boolean isNew(Identity.Own click) {
    takeBack(click.node());
    return sequences.add(click);
  }

  /** Marks a click that cannot be counted now: it may be sent again from the dead letters. */
  public void leaveOut(Identity.Own click) {
    takeBack(click.node());
    sequences.leaveOut(click);
  }

  /** Takes the heartbeat of a record before the events of that record. */
  public void announce(Heartbeat heartbeat) {
    if (!heartbeat.equals(Heartbeat.NONE)) {
      takeBack(heartbeat.node());
      sequences.announce(heartbeat);
    }
  }

  private void takeBack(long node) {
    if (node == lastNamed && !named.isEmpty()) {
      return;
    }
    lastNamed = node;
    if (named.add(node)) {
      ended.remove(node).ifPresent(sequences::restore);
    }
  }

  /**
   * Takes the heartbeat of a record after the events of that record. {@code loggedAt} is the
   * broker's time; {@code sentAt} is the time of the node's clock without any correction.
   */
  public void observe(Instant loggedAt, Instant sentAt, Heartbeat heartbeat) {
    watermark.observe(loggedAt, sentAt, heartbeat);
    if (!heartbeat.equals(Heartbeat.NONE)) {
      takeBack(heartbeat.node());
      var clicks = sequences.missing(heartbeat);
      missing.compute(heartbeat.node(), (_, _) -> clicks == 0 ? null : clicks);
    }
  }

  /**
   * Moves the nodes that ended out of the state before it is written, up to 1,000 at a time. If
   * there are any, it forgets those whose last record is older than the retention. Returns the
   * changes since the last call of {@link #stored}.
   */
  public Batch.EndedNodes endNodes(Duration retention) {
    var now = watermark.newest();
    if (now.equals(Instant.EPOCH)) {
      return ended.changes(); // no record was read, so there is no time to measure from
    }
    var quiet = now.minus(Watermark.SILENCE);
    named.forEach(node -> lastRecords.put(node, now));
    named.clear();
    var over = new ArrayList<Long>();
    for (var node : sequences.nodes()) {
      var isQuiet = lastRecords.computeIfAbsent(node, _ -> now).isBefore(quiet);
      if (isQuiet && !watermark.holds(node)) {
        over.add(node);
      }
    }
    over.stream().limit(MAX_ENDED).forEach(this::end);
    if (!over.isEmpty()) {
      ended.forgetBefore(now.minus(retention));
    }
    return ended.changes();
  }

  private void end(long node) {
    var clock = new BrokerClock(Instant.EPOCH, lastRecords.remove(node), Instant.EPOCH);
    ended.add(node, sequences.remove(node, clock));
  }

  /** Takes note that the sink has stored the changes of {@link #endNodes}. */
  public void stored() {
    ended.stored();
  }

  /**
   * Returns how many clicks were acknowledged to their nodes and not read: 0, or clicks were lost.
   * Always 0 for a partition that was not read from its first record.
   */
  public long missing() {
    return missing.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns the time before which every click was read, 1970 if it is not known. */
  public Instant watermark() {
    return watermark.time();
  }

  /** Returns the nodes that may have clicks older than the watermark. */
  public Set<Long> silent() {
    return watermark.silent();
  }
}
