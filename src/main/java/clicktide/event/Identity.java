package clicktide.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes an event the same one however often it arrives (C3), and decides its partition (B5): a
 * retry meets the same consumer, and a viral link spreads over all partitions.
 */
public sealed interface Identity {
  /** How many neighbouring clicks of one lane share a partition, so that a run is one record. */
  int RUN = 512;

  /** The partition among {@code partitions}; a fixed function for the life of a topic. */
  int partition(int partitions);

  /**
   * A click answered here. {@code node}: 64 random bits kept in the data folder; {@code boot}:
   * raised durably at each start; {@code lane}: the event loop; {@code sequence}: from 0, without
   * holes.
   */
  record Own(long node, int boot, int lane, long sequence) implements Identity {
    @Override
    public int partition(int partitions) {
      var hash = mix(node ^ mix(((long) boot << 32 | lane) ^ mix(sequence / RUN)));
      return (int) Long.remainderUnsigned(hash, partitions);
    }
  }

  /** An event from a collector: the first 128 bits of SHA-256 over owner and sender's id. */
  record Collected(OwnerId owner, long high, long low) implements Identity {
    /** The identity of an event that its sender named {@code id}. */
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
