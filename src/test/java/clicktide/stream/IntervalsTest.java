package clicktide.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C3: ranges of numbers that were read")
class IntervalsTest {
  private static final int NUMBERS = 60;

  @Test
  @DisplayName("hold what a set of numbers holds, 2,000 seeds")
  void holdWhatASetHolds() {
    for (var seed = 0; seed < 2_000; seed++) {
      var random = new Random(seed);
      var intervals = new Intervals();
      Set<Long> added = new HashSet<>();
      for (var step = 0; step < 40; step++) {
        var first = random.nextLong(NUMBERS);
        if (random.nextInt(4) == 0) {
          intervals.leaveOut(first);
        } else {
          var end = first + 1 + random.nextLong(6);
          intervals.cover(first, end);
          for (var number = first; number < end; number++) {
            added.add(number);
          }
        }
        agree(intervals, added, seed);
        agree(Intervals.of(intervals.ranges()), added, seed);
      }
    }
  }

  private static void agree(Intervals intervals, Set<Long> added, int seed) {
    var end = Math.max(NUMBERS + 6, intervals.end());
    var missing = 0L;
    for (var number = 0L; number < end; number++) {
      var isThere = added.contains(number);
      assertThat(intervals.contains(number)).as("seed %d, %d", seed, number).isEqualTo(isThere);
      missing += isThere ? 0 : 1;
    }
    assertThat(intervals.gaps(end, (from, to) -> to - from)).as("seed %d", seed).isEqualTo(missing);
    var ranges = intervals.ranges();
    for (var i = 1; i < ranges.size(); i++) {
      assertThat(ranges.get(i).from()).as("seed %d", seed).isGreaterThan(ranges.get(i - 1).to());
    }
  }
}
