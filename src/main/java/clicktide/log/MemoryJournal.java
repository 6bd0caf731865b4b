package clicktide.log;

import clicktide.event.LinkClick;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** A bounded journal in memory: it carries clicks over an outage of the log, not over a crash. */
public final class MemoryJournal implements Journal {
  private final AtomicReferenceArray<LinkClick> ring;
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();

  public MemoryJournal(int capacity) {
    ring = new AtomicReferenceArray<>(capacity);
  }

  @Override
  public boolean append(Draft draft) {
    var sequence = written.getPlain(); // only this thread writes it
    if (sequence - acknowledged.getAcquire() >= ring.length()) {
      return false;
    }
    ring.setPlain(slot(sequence), draft.numbered(sequence));
    written.setRelease(sequence + 1);
    return true;
  }

  @Override
  public List<LinkClick> read(int max) {
    var from = acknowledged.getPlain(); // only this thread writes it
    var to = Math.min(written.getAcquire(), from + max);
    var clicks = new ArrayList<LinkClick>((int) (to - from));
    for (var sequence = from; sequence < to; sequence++) {
      clicks.add(ring.getPlain(slot(sequence)));
    }
    return clicks;
  }

  @Override
  public void acknowledge(int count) {
    var from = acknowledged.getPlain();
    for (var sequence = from; sequence < from + count; sequence++) {
      ring.setPlain(slot(sequence), null); // so that nothing keeps them alive
    }
    acknowledged.setRelease(from + count);
  }

  @Override
  public Optional<Instant> oldest() {
    while (true) {
      var from = acknowledged.getAcquire();
      if (from >= written.getAcquire()) {
        return Optional.empty();
      }
      var click = ring.getAcquire(slot(from));
      if (click != null && from == acknowledged.getAcquire()) {
        return Optional.of(click.at());
      }
      Thread.onSpinWait(); // it is being acknowledged
    }
  }

  private int slot(long sequence) {
    return (int) (sequence % ring.length());
  }
}
