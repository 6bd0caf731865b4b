package clicktide.deploy;

import clicktide.postgres.Database;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.sql.SQLException;

/** A node in the registry of an installation that has ended without saying so. */
final class SilentNode {
  private static final int PORT_LINE = 3; // of postmaster.pid

  private SilentNode() {}

  /** Adds one to the embedded PostgreSQL of an installation, and returns its id. */
  static String of(Installation here) throws IOException, SQLException {
    var port = Files.readAllLines(here.data.resolve("postgres/postmaster.pid")).get(PORT_LINE);
    var password = Files.readString(here.data.resolve("postgres.password")).strip();
    var uri = "postgresql://clicktide:%s@127.0.0.1:%s/postgres".formatted(password, port);
    try (var connection = Database.at(URI.create(uri)).connect();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                """
                INSERT INTO node (id, roles, version, host, heartbeat_at)
                VALUES ((random() * 1e15)::bigint, '{redirect}', '1', 'gone', now() - interval '1 hour')
                RETURNING to_hex(id)""")) {
      row.next();
      return row.getString(1);
    }
  }
}
