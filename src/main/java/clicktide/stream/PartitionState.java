package clicktide.stream;

import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.UnknownFields;
import clicktide.wire.SavedState;
import clicktide.wire.SavedStateCodec;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The state of one partition between two batches: the own clicks that were read, and the watermark.
 * A sink keeps it in its fence and changes it together with the counts, so a new owner resumes
 * exactly. Not for several threads.
 *
 * <p>The fence stores one text: the word {@code protobuf} and the Protobuf message in Base64. It is
 * a text because the fence is a text column in PostgreSQL and an argument of a script in Redis.
 * Versions before this form fail on its second word and do not guess.
 */
public final class PartitionState {
  private static final String FORM = "protobuf ";

  private final SequenceTracker sequences;
  private final Watermark watermark;
  private final UnknownFields unknown;
  private final Map<Long, Long> missing = new HashMap<>(); // by node

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
   * Reads what {@link #write} or an earlier version has written. Throws {@link
   * IllegalArgumentException} for a text that this version cannot use exactly.
   */
  public static PartitionState read(String text, int partition, int partitions) {
    var saved =
        text.startsWith(FORM)
            ? SavedStateCodec.decode(Base64.getDecoder().decode(text.substring(FORM.length())))
            : WordState.read(text);
    return new PartitionState(
        SequenceTracker.of(saved, partition, partitions), Watermark.of(saved), saved.unknown());
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
    return sequences.add(click);
  }

  /** Marks a click that cannot be counted now: it may be sent again from the dead letters. */
  public void leaveOut(Identity.Own click) {
    sequences.leaveOut(click);
  }

  /** Takes the heartbeat of a record before the events of that record. */
  public void announce(Heartbeat heartbeat) {
    if (!heartbeat.equals(Heartbeat.NONE)) {
      sequences.announce(heartbeat);
    }
  }

  /**
   * Takes the heartbeat of a record after the events of that record. {@code loggedAt} is the
   * broker's time; {@code sentAt} is the time of the node's clock without any correction.
   */
  public void observe(Instant loggedAt, Instant sentAt, Heartbeat heartbeat) {
    watermark.observe(loggedAt, sentAt, heartbeat);
    if (!heartbeat.equals(Heartbeat.NONE)) {
      missing.put(heartbeat.node(), sequences.missing(heartbeat));
    }
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
