package clicktide.faults;

import clicktide.embedded.ScratchPostgres;
import clicktide.embedded.TestServers;

/**
 * A PostgreSQL whose streaming replica becomes the primary, although it lacks the last changes. The
 * next replica then has the port of the first server.
 */
final class PostgresPair implements AutoCloseable {
  private ScratchPostgres primary;
  private int other = TestServers.freePort();
  private final String uri;

  PostgresPair(ScratchPostgres primary) {
    this.primary = primary;
    var one = ":" + primary.port();
    uri = primary.uri().replace(one, "%s,127.0.0.1:%d".formatted(one, other));
  }

  /** The address with both servers. */
  String uri() {
    return uri;
  }

  /** Puts the files of the primary back to those of the beginning. */
  RestoredPostgres.Loss putBack() {
    return () -> {
      var snapshot = primary.snapshot();
      return () -> primary.putBack(snapshot);
    };
  }

  /**
   * Kills the primary and makes a replica the primary that got no change since the beginning. If
   * the primary is restarted before, the replica is the server that runs longer.
   */
  RestoredPostgres.Loss failOver(boolean restarts) {
    return () -> {
      var changes = new Proxy(primary.port(), "");
      var replica = primary.replica(changes.port(), other);
      if (restarts) {
        primary.restart();
      }
      primary.await(replica);
      changes.dropReplies();
      return () -> {
        primary.kill();
        changes.close();
        replica.promote();
        other = primary.port();
        primary = replica;
      };
    };
  }

  @Override
  public void close() {
    primary.close();
  }
}
