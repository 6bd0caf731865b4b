package clicktide.postgres.maintenance;

import clicktide.postgres.Database;
import clicktide.store.Retention;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The keys of visitor hashes, one per UTC day, shared by all processes. A key is made two days
 * ahead and destroyed after three days. Without the key, no hash leads back to an address.
 */
public final class VisitorKeys {
  private static final int AHEAD = 2;

  private static final String MAKE =
      "INSERT INTO visitor_key (day, key) VALUES (?, ?) ON CONFLICT DO NOTHING";

  private static final String DESTROY = "DELETE FROM visitor_key WHERE day < ?";

  private static final String READ = "SELECT day, key FROM visitor_key WHERE day >= ?";

  private final Database database;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<LocalDate, byte[]> keys = new ConcurrentHashMap<>();

  /** {@code random} must be cryptographically secure. */
  public VisitorKeys(Database database, InstantSource clock, RandomGenerator random) {
    this.database = database;
    this.clock = clock;
    this.random = random;
  }

  /** Makes coming keys and destroys old ones. To be called at the start and every hour. */
  public void renew() throws SQLException {
    var today = today();
    var oldest = today.minusDays(Retention.VISITOR_KEYS.toDays());
    try (var connection = database.connect()) {
      try (var make = connection.prepareStatement(MAKE)) {
        for (var day = oldest; !day.isAfter(today.plusDays(AHEAD)); day = day.plusDays(1)) {
          var key = new byte[32];
          random.nextBytes(key);
          make.setObject(1, day);
          make.setBytes(2, key);
          make.addBatch();
        }
        make.executeBatch();
      }
      try (var destroy = connection.prepareStatement(DESTROY)) {
        destroy.setObject(1, oldest);
        destroy.executeUpdate();
      }
      try (var read = connection.prepareStatement(READ)) {
        read.setObject(1, oldest);
        try (var row = read.executeQuery()) {
          while (row.next()) {
            keys.put(row.getObject(1, LocalDate.class), row.getBytes(2));
          }
        }
      }
    }
    keys.keySet().removeIf(day -> day.isBefore(oldest));
  }

  /** Returns the key of a day, or nothing if it was destroyed or is not made yet. */
  public Optional<byte[]> of(LocalDate day) {
    return Optional.ofNullable(keys.get(day));
  }

  private LocalDate today() {
    return clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
  }
}
