package clicktide.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** The embedded servers of the product, which a peer uses as well. {@code data} is their folder. */
record PeerServers(Path data) {
  private static final int PORT_LINE = 3; // of postmaster.pid, counted from 0

  /** The address of Kafka, and the login. */
  Properties kafka() throws IOException {
    var properties = new Properties();
    try (var in = Files.newInputStream(data.resolve("kafka.properties"))) {
      properties.load(in);
    }
    return properties;
  }

  Connection postgres() throws IOException, SQLException {
    var lines = Files.readAllLines(data.resolve("postgres/postmaster.pid"));
    var password = Files.readString(data.resolve("postgres.password")).strip();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%s/postgres".formatted(lines.get(PORT_LINE)),
        "clicktide",
        password);
  }
}
