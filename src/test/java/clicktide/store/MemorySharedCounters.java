package clicktide.store;

import clicktide.time.TimeSource;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Shared counters in memory, each process with an object of its own. */
public final class MemorySharedCounters implements SharedCounters {
  private final Memory memory;
  private final String process;

  /** The memory that the processes share. It fails all calls while it is unavailable. */
  public static final class Memory {
    private final TimeSource time;
    private final Map<String, Window> windows = new HashMap<>();
    private int names;
    public boolean isAvailable = true;

    public Memory(TimeSource time) {
      this.time = time;
    }

    public void clear() {
      windows.clear();
    }

    /** Returns the number of keys that were told to it and not forgotten. */
    public int size() {
      return windows.size();
    }

    private Window open(String key, OwnUses own) {
      return windows.compute(
          key,
          (_, window) ->
              window != null && window.millisLeft(time) > 0
                  ? window
                  : new Window(
                      own.window().orElseGet(() -> "window " + ++names),
                      time.nanos() + TimeUnit.MILLISECONDS.toNanos(own.millis()),
                      new HashMap<>()));
    }
  }

  private record Window(String name, long end, Map<String, Integer> uses) {
    private long millisLeft(TimeSource time) {
      return TimeUnit.NANOSECONDS.toMillis(end - time.nanos());
    }
  }

  public MemorySharedCounters(Memory memory, String process) {
    this.memory = memory;
    this.process = process;
  }

  @Override
  public Future<List<OtherUses>> exchange(String limit, List<OwnUses> own) {
    return memory.isAvailable
        ? Future.succeededFuture(own.stream().map(uses -> exchange(limit, uses)).toList())
        : Future.failedFuture("unavailable");
  }

  private OtherUses exchange(String limit, OwnUses own) {
    var window = memory.open(limit + ":" + own.key(), own);
    if (own.window().equals(Optional.of(window.name)) || own.window().isEmpty()) {
      window.uses.put(process, own.uses());
    }
    var all = window.uses.values().stream().mapToInt(Integer::intValue).sum();
    var others = all - window.uses.getOrDefault(process, 0);
    return new OtherUses(window.name, others, window.millisLeft(memory.time));
  }
}
