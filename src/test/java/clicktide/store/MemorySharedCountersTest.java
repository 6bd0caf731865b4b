package clicktide.store;

import clicktide.time.TimeSource;
import org.junit.jupiter.api.DisplayName;

@DisplayName("E10: shared counters of limits in memory")
class MemorySharedCountersTest extends SharedCountersContract {
  private final MemorySharedCounters.Memory memory =
      new MemorySharedCounters.Memory(TimeSource.system());

  @Override
  protected SharedCounters process(String name) {
    return new MemorySharedCounters(memory, name);
  }

  @Override
  protected void clear() {
    memory.clear();
  }
}
