package clicktide.postgres.maintenance;

import clicktide.postgres.Database;
import clicktide.store.Retention;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys under which addresses are hashed, one for each UTC day, the same for every process. They
 * are made two days ahead and destroyed after three, so that nobody can go back from a hash.
 */
public final class VisitorKeys {
  private static final int AHEAD = 2;

  private static final String MAKE =
      "INSERT INTO visitor_key (day, key) VALUES (?, ?) ON CONFLICT DO NOTHING";

  private static final String DESTROY = "DELETE FROM visitor_key WHERE day < ?";

  private static final String READ = "SELECT day, key FROM visitor_key WHERE day >= ?";

  private final Database database;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<LocalDate, byte[]> keys = new ConcurrentHashMap<>();

  public VisitorKeys(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Makes the coming keys and destroys the old ones; to be called at the start and every hour. */
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

  /** The key of a day; none for a day so old that its key was destroyed, or far ahead. */
  public Optional<byte[]> of(LocalDate day) {
    return Optional.ofNullable(keys.get(day));
  }

  private LocalDate today() {
    return clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
  }
}
