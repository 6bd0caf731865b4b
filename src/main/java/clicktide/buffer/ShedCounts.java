package clicktide.buffer;

import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.event.ShedReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * Exact counts of the shed clicks of a lane, per link and minute, in memory that outlives the
 * process (A4). If the table is full, clicks are counted per owner and minute, then per minute. A
 * slot is free again when its minute has passed and the log has its count. One thread adds, another
 * one reports.
 */
public final class ShedCounts {
  private static final int SLOTS = 4_096;
  private static final int RESERVED = 128; // of them, for whole minutes
  private static final int SLOT_BYTES = 5 * Long.BYTES;
  private static final int PROBES = 16;
  private static final int LINK = 8;
  private static final int OWNER = 16;
  private static final int MINUTE = 24;
  private static final int REPORTED = 32;
  static final long BYTES = (long) SLOTS * SLOT_BYTES;

  private final JournalFile file;

  ShedCounts(JournalFile file) {
    this.file = file;
  }

  void add(long link, OwnerId owner, Instant at) {
    var minute = Minute.of(at).number();
    var slot = slot(link, owner.number(), minute);
    if (slot < 0) {
      slot = slot(0, owner.number(), minute);
    }
    if (slot < 0) {
      slot = JournalFile.TABLE + Math.floorMod(minute, RESERVED) * (long) SLOT_BYTES;
      if (isFree(slot, minute)) { // else the sum is right and the minute is not
        claim(slot, 0, 0, minute);
      }
    }
    file.set(slot, file.get(slot) + 1);
  }

  /** Returns the slot of a key, or claims a free one; -1 if there is none. */
  private long slot(long link, long owner, long minute) {
    var hash = (link * 31 + owner) * 0x9e3779b97f4a7c15L + minute;
    var free = -1L;
    for (var probe = 0; probe < PROBES; probe++) {
      var number = RESERVED + Long.remainderUnsigned(hash + probe, SLOTS - RESERVED);
      var slot = JournalFile.TABLE + number * SLOT_BYTES;
      if (isOf(slot, link, owner, minute)) {
        return slot;
      }
      if (free < 0 && isFree(slot, minute)) {
        free = slot;
      }
    }
    if (free >= 0) {
      claim(free, link, owner, minute);
    }
    return free;
  }

  private boolean isOf(long slot, long link, long owner, long minute) {
    return file.get(slot) > 0
        && file.get(slot + LINK) == link
        && file.get(slot + OWNER) == owner
        && file.get(slot + MINUTE) == minute;
  }

  private boolean isFree(long slot, long minute) {
    var count = file.get(slot);
    return count == 0
        || (file.get(slot + MINUTE) + 1 < minute && file.get(slot + REPORTED) == count);
  }

  /** The count is 0 while the key changes, so no reader takes a slot with parts of two keys. */
  private void claim(long slot, long link, long owner, long minute) {
    file.set(slot, 0);
    file.set(slot + LINK, link);
    file.set(slot + OWNER, owner);
    file.set(slot + MINUTE, minute);
    file.set(slot + REPORTED, 0);
  }

  /** Returns the counts that the log does not have yet. Only for the thread that reports. */
  public List<ShedReport> unreported() {
    var found = new ArrayList<ShedReport>();
    for (var number = 0; number < SLOTS; number++) {
      var slot = JournalFile.TABLE + (long) number * SLOT_BYTES;
      if (file.get(slot) == file.get(slot + REPORTED)) {
        continue; // almost every slot, each second, on an event loop
      }
      var shed = read(slot);
      var isWhole = shed.equals(read(slot)); // the key of the slot may be changing
      if (isWhole && shed.clicks() > 0 && shed.clicks() != file.get(slot + REPORTED)) {
        found.add(shed);
      }
    }
    return found;
  }

  private ShedReport read(long slot) {
    var lane = file.lane();
    return new ShedReport(
        lane.node(),
        lane.boot(),
        lane.number(),
        file.get(slot + LINK),
        new OwnerId(file.get(slot + OWNER)),
        new Minute(file.get(slot + MINUTE)),
        file.get(slot));
  }

  /** Marks counts that the log has. A slot that has grown meanwhile stays unreported. */
  public void reported(List<ShedReport> shed) {
    var counts = new HashMap<ShedReport, Long>();
    shed.forEach(one -> counts.put(key(one), one.clicks()));
    for (var number = 0; number < SLOTS; number++) {
      var slot = JournalFile.TABLE + (long) number * SLOT_BYTES;
      var count = file.get(slot) == 0 ? null : counts.get(key(read(slot)));
      if (count != null) {
        file.set(slot + REPORTED, count);
      }
    }
  }

  private static ShedReport key(ShedReport one) {
    return new ShedReport(
        one.node(), one.boot(), one.lane(), one.link(), one.owner(), one.minute(), 0);
  }
}
