package clicktide.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The identity of an event, which stays the same however often the event arrives (C3). It decides
 * the partition (B5): a retry reaches the same consumer, and a viral link spreads over all
 * partitions.
 */
public sealed interface Identity {
  /** The number of consecutive clicks of one lane that share a partition and so one record. */
  int RUN = 512;

  /** Returns the partition: a fixed function for the life of a topic. */
  int partition(int partitions);

  /**
   * A click that this product answered. {@code node}: 64 bits drawn at random at each start of a
   * process, so a copied data folder repeats no identity (G21); {@code boot}: the number of starts
   * of the data folder; {@code lane}: the event loop; {@code sequence}: from 0 without gaps.
   * Earlier versions kept {@code node} in the data folder.
   */
  record Own(long node, int boot, int lane, long sequence) implements Identity {
    @Override
    public int partition(int partitions) {
      var hash = mix(node ^ mix(((long) boot << 32 | lane) ^ mix(sequence / RUN)));
      return (int) Long.remainderUnsigned(hash, partitions);
    }
  }

  /** A collected event: the first 128 bits of SHA-256 over the owner and the sender's id. */
  record Collected(OwnerId owner, long high, long low) implements Identity {
    /** Returns the identity of an event with the sender's id. */
    public static Collected of(OwnerId owner, String id) {
      var number = ByteBuffer.allocate(Long.BYTES).putLong(owner.number()).array();
      var hash = ByteBuffer.wrap(Sha256.of(number, id.getBytes(StandardCharsets.UTF_8)));
      return new Collected(owner, hash.getLong(), hash.getLong());
    }

    @Override
    public int partition(int partitions) {
      return (int) Long.remainderUnsigned(mix(high), partitions);
    }
  }

  /** The finalizer of MurmurHash3: every input bit changes every output bit. */
  private static long mix(long value) {
    var mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
