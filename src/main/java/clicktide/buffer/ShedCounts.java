package clicktide.buffer;

import clicktide.event.ClicksShed;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * How many clicks of a lane were shed, by link and minute, exactly and in memory that outlives the
 * process (A4). Where the table is full, they are counted by owner and minute, and then by minute.
 * A cell can be used again once its minute has passed and the log has its count. One thread adds,
 * another one reports.
 */
public final class ShedCounts {
  private static final int CELLS = 4_096;
  private static final int RESERVED = 128; // of them, for a minute as a whole
  private static final int CELL = 5 * Long.BYTES;
  private static final int PROBES = 16;
  private static final int LINK = 8;
  private static final int OWNER = 16;
  private static final int MINUTE = 24;
  private static final int REPORTED = 32;
  static final long BYTES = (long) CELLS * CELL;

  private final JournalFile file;

  ShedCounts(JournalFile file) {
    this.file = file;
  }

  void add(long link, OwnerId owner, Instant at) {
    var minute = Minute.of(at).number();
    var cell = cell(link, owner.number(), minute);
    if (cell < 0) {
      cell = cell(0, owner.number(), minute);
    }
    if (cell < 0) {
      cell = JournalFile.TABLE + Math.floorMod(minute, RESERVED) * (long) CELL;
      if (isFree(cell, minute)) { // if not, the sum is right and the minute is not
        claim(cell, 0, 0, minute);
      }
    }
    file.set(cell, file.get(cell) + 1);
  }

  /** The cell of this key, or a free one made its own; -1 if there is none. */
  private long cell(long link, long owner, long minute) {
    var hash = (link * 31 + owner) * 0x9e3779b97f4a7c15L + minute;
    var free = -1L;
    for (var probe = 0; probe < PROBES; probe++) {
      var number = RESERVED + Long.remainderUnsigned(hash + probe, CELLS - RESERVED);
      var cell = JournalFile.TABLE + number * CELL;
      if (isOf(cell, link, owner, minute)) {
        return cell;
      }
      if (free < 0 && isFree(cell, minute)) {
        free = cell;
      }
    }
    if (free >= 0) {
      claim(free, link, owner, minute);
    }
    return free;
  }

  private boolean isOf(long cell, long link, long owner, long minute) {
    return file.get(cell) > 0
        && file.get(cell + LINK) == link
        && file.get(cell + OWNER) == owner
        && file.get(cell + MINUTE) == minute;
  }

  private boolean isFree(long cell, long minute) {
    var count = file.get(cell);
    return count == 0
        || (file.get(cell + MINUTE) + 1 < minute && file.get(cell + REPORTED) == count);
  }

  /** The count is 0 while the key changes, so nobody reads a cell of two keys. */
  private void claim(long cell, long link, long owner, long minute) {
    file.set(cell, 0);
    file.set(cell + LINK, link);
    file.set(cell + OWNER, owner);
    file.set(cell + MINUTE, minute);
    file.set(cell + REPORTED, 0);
  }

  /** All counts that the log does not have yet. Of the thread that reports. */
  public List<ClicksShed> unreported() {
    var found = new ArrayList<ClicksShed>();
    for (var number = 0; number < CELLS; number++) {
      var cell = JournalFile.TABLE + (long) number * CELL;
      var shed = read(cell);
      var isWhole = shed.equals(read(cell)); // the cell may be changing hands
      if (isWhole && shed.clicks() > 0 && shed.clicks() != file.get(cell + REPORTED)) {
        found.add(shed);
      }
    }
    return found;
  }

  private ClicksShed read(long cell) {
    var lane = file.lane();
    return new ClicksShed(
        lane.node(),
        lane.boot(),
        lane.number(),
        file.get(cell + LINK),
        new OwnerId(file.get(cell + OWNER)),
        new Minute(file.get(cell + MINUTE)),
        file.get(cell));
  }

  /** The log has these counts. A cell that was counted on meanwhile stays unreported. */
  public void reported(List<ClicksShed> shed) {
    var counts = new HashMap<ClicksShed, Long>();
    shed.forEach(one -> counts.put(key(one), one.clicks()));
    for (var number = 0; number < CELLS; number++) {
      var cell = JournalFile.TABLE + (long) number * CELL;
      var count = file.get(cell) == 0 ? null : counts.get(key(read(cell)));
      if (count != null) {
        file.set(cell + REPORTED, count);
      }
    }
  }

  private static ClicksShed key(ClicksShed one) {
    return new ClicksShed(
        one.node(), one.boot(), one.lane(), one.link(), one.owner(), one.minute(), 0);
  }
}
