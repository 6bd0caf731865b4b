package clicktide.aggregation.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("G20: a deterministic simulation of the aggregation")
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("clicktide.seeds", 200);
  private static final long FIRST = Long.getLong("clicktide.seed", 0);

  @Test
  @DisplayName("every seed counts every click once and claims nothing that it has not")
  void everySeed() {
    var clicks = 0L;
    for (var seed = FIRST; seed < FIRST + SEEDS; seed++) {
      try {
        clicks += new Simulation(seed).run();
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError(
            "seed %d fails; run it again with -Dseed=%d -Dseeds=1".formatted(seed, seed), failure);
      }
    }
    System.out.printf("simulation: %d seeds, %d clicks%n", SEEDS, clicks);
    assertThat(clicks).isPositive();
  }

  @Test
  @DisplayName("the same seed does the same")
  void theSameSeedDoesTheSame() {
    assertThat(new Simulation(7).run()).isEqualTo(new Simulation(7).run());
  }
}
