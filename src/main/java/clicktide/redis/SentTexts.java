package clicktide.redis;

import java.util.Arrays;

/**
 * The texts that one partition has sent to Redis on one UTC day. It may forget a text, which is
 * then sent again. It never invents one. For one thread at a time.
 */
final class SentTexts {
  private static final int SLOTS = 1 << 13; // a power of two

  /** In the slot of an id, the one that was added last: a set of all ids would grow all day. */
  private final long[] slots = new long[SLOTS]; // 0 if there is none

  private long day; // since 1970

  /** Adds a text on a day. Returns true if Redis may lack it. Another day forgets all texts. */
  boolean add(long onDay, SharedText text) {
    if (onDay != day) {
      Arrays.fill(slots, 0);
      day = onDay;
    }
    var slot = (int) text.id() & (SLOTS - 1);
    var isNew = slots[slot] != text.id();
    slots[slot] = text.id();
    return isNew;
  }
}
