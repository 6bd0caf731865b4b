package clicktide.postgres;

import clicktide.embedded.TestServers;
import java.net.URI;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentHashMap;

/** Databases for tests that begin with empty tables: copies of one that was migrated. */
public final class MigratedDatabase {
  private static final ConcurrentHashMap<String, String> TEMPLATES = new ConcurrentHashMap<>();

  private MigratedDatabase() {}

  /** Returns the address of a new database on a server of plain PostgreSQL. */
  public static String on(String server) {
    return TestServers.freshDatabase(
        server, TEMPLATES.computeIfAbsent(server, MigratedDatabase::template));
  }

  private static String template(String server) {
    var address = TestServers.freshDatabase(server);
    try {
      Migrations.migrate(Database.at(URI.create(address)));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return address.substring(address.lastIndexOf('/') + 1);
  }
}
