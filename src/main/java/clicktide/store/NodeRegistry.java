package clicktide.store;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The nodes that run, and those that have ended without saying so. */
public interface NodeRegistry {
  /** The time without a heartbeat after which a node is silent, by the clock of the store. */
  Duration SILENCE = Duration.ofSeconds(30);

  /** The facts of a node that never change; {@code id} is the number of its start in the log. */
  record NodeProfile(long id, List<String> roles, String version, String host) {}

  /** A node with the times of its first and its last heartbeat. */
  record RegisteredNode(
      NodeProfile profile, Instant startedAt, Instant heartbeatAt, boolean isSilent) {}

  /** Stores a heartbeat of a node. A node that was removed is no longer gone. Idempotent. */
  Future<Void> beat(NodeProfile node);

  /** Deletes a node that ends in order. */
  Future<Void> leave(long id);

  /** Lists the nodes, the newest first. Nodes that have been silent for a day are left out. */
  Future<List<RegisteredNode>> list();

  /**
   * Removes a silent node that does not return. Answers no longer name it. It may be absent here,
   * as nodes of earlier versions are, if a partition names it as silent.
   */
  Future<Removal> remove(long id, Actor actor);

  /** The result of removing a node. */
  enum Removal {
    REMOVED,
    /** The node still sends heartbeats. */
    RUNNING,
    UNKNOWN
  }
}
