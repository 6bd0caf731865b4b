package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.event.OwnerId;
import clicktide.net.Network;
import clicktide.store.MemorySharedCounters;
import clicktide.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("E10: limits that the processes of an installation share")
class SharedWindowsTest {
  private static final int LIMIT = 100;

  private final ManualTime time = new ManualTime(Instant.parse("2026-05-03T12:00:10Z"));
  private final MemorySharedCounters.Memory memory = new MemorySharedCounters.Memory(time);
  private final SharedWindows a = process("a");
  private final SharedWindows b = process("b");
  private final SharedWindow<String> atA = window(a);
  private final SharedWindow<String> atB = window(b);

  private SharedWindows process(String name) {
    return new SharedWindows(Optional.of(new MemorySharedCounters(memory, name)), time);
  }

  private static SharedWindow<String> window(SharedWindows process) {
    return process.of("calls", LIMIT, 10, 1, key -> key);
  }

  private void exchange() {
    for (var process : List.of(a, b)) {
      process.exchange().await();
    }
  }

  private static int admitted(SharedWindow<String> window, int calls) {
    var admitted = 0;
    for (var i = 0; i < calls; i++) {
      admitted += window.use("owner").isExceeded() ? 0 : 1;
    }
    return admitted;
  }

  @Test
  @DisplayName("admit the limit, and at most what processes admit within two exchanges")
  void admitTheLimit() {
    var admitted = 0;
    for (var round = 0; round < 30; round++) {
      admitted += admitted(atA, 7) + admitted(atB, 7);
      exchange();
    }

    assertThat(admitted).isBetween(LIMIT, LIMIT + 2 * 7);
  }

  @Test
  @DisplayName("end for all processes with the window that the first one began")
  void endForAll() {
    atA.use("owner");
    exchange();
    time.advance(Duration.ofSeconds(50));
    atB.use("owner");
    exchange();

    var remaining = atB.use("owner");
    assertThat(remaining).isEqualTo(new FixedWindow.Remaining(LIMIT - 3, 10));
    time.advance(Duration.ofSeconds(10));
    assertThat(atB.use("owner")).isEqualTo(new FixedWindow.Remaining(LIMIT - 1, 60));
    exchange();
    assertThat(atA.use("owner").uses()).isEqualTo(LIMIT - 1);
    exchange();
    assertThat(atA.use("owner").uses()).isEqualTo(LIMIT - 3);
  }

  @Test
  @DisplayName("hold in each process while the store is unavailable, and together afterwards")
  void withoutTheStore() {
    admitted(atA, 29);
    admitted(atB, 30);
    exchange();
    admitted(atA, 1);
    exchange();
    memory.isAvailable = false;
    memory.clear();

    assertThat(admitted(atA, LIMIT)).isEqualTo(LIMIT - 60);
    exchange();
    time.advance(Duration.ofMinutes(1));
    assertThat(admitted(atA, 60)).isEqualTo(60);
    assertThat(admitted(atB, LIMIT + 1)).isEqualTo(LIMIT);
    exchange();

    memory.isAvailable = true;
    exchange();
    admitted(atA, 1);
    exchange();
    assertThat(admitted(atA, 1)).isZero();
  }

  @Test
  @DisplayName("of events count a whole batch or none, with the events of the others")
  void batches() {
    assertThat(atA.use("owner", 60).isExceeded()).isFalse();
    exchange();
    atB.use("owner", 1);
    exchange();

    assertThat(atB.use("owner", 40).isExceeded()).isTrue();
    assertThat(atB.use("owner", 39)).isEqualTo(new FixedWindow.Remaining(0, 60));
  }

  @Test
  @DisplayName("get back a use that the others were told of")
  void getBackAUse() {
    atA.use("owner");
    exchange();
    atA.giveBack("owner");
    atB.use("owner");
    exchange();

    assertThat(atB.use("owner").uses()).isEqualTo(LIMIT - 2);
  }

  @Test
  @DisplayName("are in the headers of all processes")
  void headers() {
    var caller = new Caller.Owner(new OwnerId(1), "one", Set.of());
    var limitsAtA = new RateLimits(LIMIT, a);
    var limitsAtB = new RateLimits(LIMIT, b);
    for (var i = 0; i < 20; i++) {
      limitsAtA.use(caller);
    }
    exchange();
    limitsAtB.use(caller);
    exchange();

    assertThat(limitsAtB.use(caller).orElseThrow().headers())
        .containsEntry("RateLimit", "\"calls\";r=78;t=60");
  }

  @Test
  @DisplayName("do not fill the store with networks that make few calls")
  void rareNetworks() {
    var limits = new RateLimits(100 * LIMIT, a);
    for (var network = 0; network < 200; network++) {
      limits.use(Network.ofClient("10.0.%d.1".formatted(network)), "link" + network);
    }
    exchange();
    assertThat(memory.size()).isEqualTo(1); // all calls without a key

    for (var i = 0; i < LIMIT; i++) {
      limits.use(Network.ofClient("10.0.0.1"), "link0");
    }
    exchange();
    assertThat(memory.size()).isEqualTo(2);
  }
}
