package clicktide.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A task that is due at fixed times, on its own thread, until it is ended. */
final class Paced {
  private final long interval;
  private final Task task;
  private final Thread thread;
  private volatile Exception failure;
  private volatile boolean ended;

  /** A task. {@code due} is its intended time by {@link System#nanoTime()}. */
  interface Task {
    void run(long due) throws Exception;
  }

  Paced(Duration interval, Task task) {
    this.interval = interval.toNanos();
    this.task = task;
    thread = Thread.ofPlatform().daemon().start(this::run);
  }

  private void run() {
    try {
      for (var due = System.nanoTime(); !ended; due += interval) {
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        task.run(due);
      }
    } catch (Exception e) {
      failure = e;
    }
  }

  /** Waits for the end of the task. Throws its exception. */
  public void end() throws Exception {
    ended = true;
    thread.join();
    if (failure != null) {
      throw failure;
    }
  }
}
