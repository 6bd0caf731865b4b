package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.enrich.ClickValues;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.LocalDate;
import java.util.Optional;

/** The dictionary numbers of whole combinations of values, which many cells share. */
final class Combinations {
  private static final int MAX_REMEMBERED = 50_000;

  private final Cache<ClickValues, ValueNumbers> remembered =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).executor(Runnable::run).build();

  private static final class ValueNumbers {
    private final int[] numbers;
    private final int largest;
    private final LocalDate usedThrough;

    private ValueNumbers(int[] numbers, int largest, LocalDate usedThrough) {
      this.numbers = numbers;
      this.largest = largest;
      this.usedThrough = usedThrough;
    }
  }

  /** Returns the numbers of a cell, unless they are not known, or not valid on this day. */
  Optional<int[]> find(BaseRows.Cell cell, LocalDate day, NewValueLimiter limiter) {
    var found = remembered.getIfPresent(cell.values());
    return found == null || found.usedThrough.isBefore(day) || !limiter.admits(cell, found.largest)
        ? Optional.empty()
        : Optional.of(found.numbers);
  }

  /**
   * Remembers numbers in the order of {@link clicktide.enrich.Dimension}, valid for rows up to a
   * day. {@code largest} is the largest of those that an owner may not have.
   */
  void put(ClickValues values, int[] numbers, int largest, LocalDate usedThrough) {
    remembered.put(values, new ValueNumbers(numbers, largest, usedThrough));
  }
}
