package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.event.OwnerId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * A limit of new values in the dictionary for each owner and UTC day of clicks. Visitors choose
 * values, so without a limit they could fill the disk. From the limit on, an owner has only the
 * values that the dictionary had at that moment. So each value has one decision per day, and
 * verdicts find the counts that they move. Counted per connection of a sink. Not for several
 * threads.
 */
final class NewValueLimiter {
  private static final int MAX_REMEMBERED = 100_000;

  private static final String LAST = "SELECT max(id) FROM dimension_value";

  private final int most;
  private final Cache<OwnerDay, Budget> budgets =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).executor(Runnable::run).build();
  private final List<Budget> exceeded = new ArrayList<>();
  private boolean hasFixed; // saves the look-up of budgets on nearly every process

  NewValueLimiter(int most) {
    this.most = most;
  }

  private record OwnerDay(OwnerId owner, LocalDate day) {
    private static OwnerDay of(BaseRows.Cell cell) {
      return new OwnerDay(cell.owner(), LinkDay.day(cell.minute()));
    }
  }

  private static final class Budget {
    private int left;
    private int lastId = Integer.MAX_VALUE;

    private Budget(int left) {
      this.left = left;
    }
  }

  /** Takes one new value from the budget of the cell's owner, and returns false without any. */
  boolean admitsNew(BaseRows.Cell cell) {
    var budget = budgets.get(OwnerDay.of(cell), _ -> new Budget(most));
    if (budget.left > 0) {
      budget.left--;
      return true;
    }
    exceeded.add(budget);
    return false;
  }

  /** Returns true if the owner of the cell may use a value that is in the dictionary. */
  boolean admits(BaseRows.Cell cell, int id) {
    if (!hasFixed) {
      return true;
    }
    var budget = budgets.getIfPresent(OwnerDay.of(cell));
    return budget == null || id <= budget.lastId;
  }

  /** Fixes the values of owners that have exceeded their limit. To be called for each batch. */
  void fix(Connection connection) throws SQLException {
    exceeded.removeIf(budget -> budget.lastId < Integer.MAX_VALUE);
    if (exceeded.isEmpty()) {
      return;
    }
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(LAST)) {
      row.next();
      for (var budget : exceeded) {
        budget.lastId = row.getInt(1);
      }
    }
    exceeded.clear();
    hasFixed = true;
  }
}
