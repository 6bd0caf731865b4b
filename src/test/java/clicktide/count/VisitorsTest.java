package clicktide.count;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("C8: unique visitors")
class VisitorsTest {
  private static final int TRIALS = 30;

  @ParameterizedTest(name = "{0} visitors in {1} sketches")
  @CsvSource({"1_000, 1", "100_000, 1", "1_000_000, 1", "1_000, 96", "100_000, 96", "300_000, 96"})
  @DisplayName("the root mean square error of 30 seeded trials is below 1 %")
  void theErrorIsBelowOnePercent(String count, int sketches) {
    var visitors = Integer.parseInt(count.replace("_", ""));
    var squares = 0.0;
    for (var trial = 0; trial < TRIALS; trial++) {
      var error = (estimate(visitors, sketches, trial) - visitors) / (double) visitors;
      squares += error * error;
    }
    var rootMeanSquare = Math.sqrt(squares / TRIALS);
    System.out.printf(
        "root mean square error of %s visitors in %d sketches: %.3f %%%n",
        count, sketches, rootMeanSquare * 100);
    assertThat(rootMeanSquare).isLessThan(0.01);
  }

  /** Every visitor comes in one of the parts of a day, some in two; the parts are merged. */
  private static long estimate(int visitors, int sketches, int seed) {
    var random = new SplittableRandom(seed);
    var parts = new Visitors[sketches];
    for (var i = 0; i < sketches; i++) {
      parts[i] = new Visitors();
    }
    for (var i = 0; i < visitors; i++) {
      var hash = random.nextLong();
      parts[i % sketches].add(hash);
      if (i % 3 == 0) {
        parts[random.nextInt(sketches)].add(hash);
      }
    }
    var all = new Visitors();
    for (var part : parts) {
      all.merge(part);
    }
    return all.estimate();
  }
}
