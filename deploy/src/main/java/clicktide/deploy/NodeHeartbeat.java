package clicktide.deploy;

import clicktide.store.NodeRegistry;
import clicktide.store.NodeRegistry.NodeProfile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The heartbeats of this node in the registry of nodes. An orderly end deletes the node there. */
final class NodeHeartbeat implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeHeartbeat.class);
  private static final long INTERVAL_MILLIS = 10_000;
  private static final int LEAVE_SECONDS = 5;

  private final Vertx vertx;
  private final NodeRegistry registry;
  private final NodeProfile node;
  private final long timer;
  private Future<Void> last = Future.succeededFuture();
  private boolean isClosed;

  private NodeHeartbeat(Vertx vertx, NodeRegistry registry, NodeProfile node) {
    this.vertx = vertx;
    this.registry = registry;
    this.node = node;
    this.timer = vertx.setPeriodic(0, INTERVAL_MILLIS, _ -> beat());
  }

  /** Sends a heartbeat now and every ten seconds. */
  static NodeHeartbeat start(Platform platform, NodeRegistry registry, NodeIdentity identity) {
    var roles =
        platform.settings().roles().stream()
            .sorted()
            .map(role -> role.name().toLowerCase(Locale.ROOT))
            .toList();
    var node = new NodeProfile(identity.start(), roles, Version.TEXT, HostName.own());
    return new NodeHeartbeat(platform.vertx(), registry, node);
  }

  private synchronized void beat() {
    if (!isClosed) {
      last =
          registry
              .beat(node)
              .onFailure(failure -> log.debug("A heartbeat was not stored", failure));
    }
  }

  /** Deletes the node after its last heartbeat, which would store it again. */
  @Override
  public synchronized void close() throws TimeoutException {
    isClosed = true;
    vertx.cancelTimer(timer);
    last.otherwiseEmpty()
        .compose(_ -> registry.leave(node.id()))
        .await(LEAVE_SECONDS, TimeUnit.SECONDS);
  }
}
