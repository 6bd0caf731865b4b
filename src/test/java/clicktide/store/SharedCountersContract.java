package clicktide.store;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.store.SharedCounters.OtherUses;
import clicktide.store.SharedCounters.OwnUses;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** E10: counters of limits that the processes of an installation share. */
public abstract class SharedCountersContract {
  private static final Optional<String> NONE = Optional.empty();
  private final String key = UUID.randomUUID().toString(); // the store outlives a test

  /** Returns the counters as one process uses them. */
  protected abstract SharedCounters process(String name);

  /** Deletes everything that processes have told to the store. */
  protected abstract void clear();

  private OtherUses exchange(String process, Optional<String> window, int uses, long millis) {
    var own = new OwnUses(key, window, uses, millis);
    return process(process).exchange("calls", List.of(own)).await().getFirst();
  }

  private OtherUses exchange(String process, Optional<String> window, int uses) {
    return exchange(process, window, uses, 60_000);
  }

  @Test
  @DisplayName("a process gets the uses of all others in the window that the first one began")
  void usesOfTheOthers() {
    var first = exchange("a", NONE, 3);
    assertThat(first.uses()).isZero();
    assertThat(first.millis()).isBetween(1L, 60_000L);
    var window = Optional.of(first.window());

    assertThat(exchange("b", NONE, 4, 120_000))
        .satisfies(answer -> assertThat(answer.uses()).isEqualTo(3))
        .satisfies(answer -> assertThat(answer.window()).isEqualTo(first.window()))
        .satisfies(answer -> assertThat(answer.millis()).isLessThanOrEqualTo(60_000));
    assertThat(exchange("c", NONE, 5).uses()).isEqualTo(7);
    assertThat(exchange("a", window, 3).uses()).isEqualTo(9);
  }

  @Test
  @DisplayName("a repeated exchange changes nothing, and a later one replaces the uses")
  void aRepeatedExchange() {
    var window = Optional.of(exchange("a", NONE, 3).window());
    exchange("a", window, 3);
    assertThat(exchange("b", NONE, 0).uses()).isEqualTo(3);
    exchange("a", window, 2);
    assertThat(exchange("b", window, 0).uses()).isEqualTo(2);
  }

  @Test
  @DisplayName("uses of a window that has ended do not count in the next one")
  void usesOfAnEndedWindow() {
    var ended = Optional.of("a window that has ended");
    var next = exchange("a", NONE, 1);

    assertThat(exchange("b", ended, 100).window()).isEqualTo(next.window());
    assertThat(exchange("a", Optional.of(next.window()), 1).uses()).isZero();
  }

  @Test
  @DisplayName("a window that the store has lost is restored by the next exchanges")
  void aLostWindow() {
    var window = Optional.of(exchange("a", NONE, 3).window());
    exchange("b", NONE, 4);
    clear();

    assertThat(exchange("a", window, 3)).extracting(OtherUses::window).isEqualTo(window.get());
    assertThat(exchange("b", window, 4).uses()).isEqualTo(3);
    assertThat(exchange("a", window, 3).uses()).isEqualTo(4);
  }

  @Test
  @DisplayName("a window ends by itself")
  void aWindowEnds() {
    var window = exchange("a", NONE, 3, 1).window();

    eventually("another window begins")
        .until(() -> !exchange("a", NONE, 3, 1).window().equals(window));
  }

  @Test
  @DisplayName("many keys are exchanged at once, in their order")
  void manyKeys() {
    var own =
        List.of(
            new OwnUses(key + "1", NONE, 1, 60_000),
            new OwnUses(key + "2", NONE, 2, 60_000),
            new OwnUses(key + "3", NONE, 3, 60_000));
    process("a").exchange("events", own).await();

    assertThat(process("b").exchange("events", own.reversed()).await())
        .extracting(OtherUses::uses)
        .containsExactly(3L, 2L, 1L);
    assertThat(process("b").exchange("calls", own).await())
        .extracting(OtherUses::uses)
        .containsExactly(0L, 0L, 0L);
  }
}
