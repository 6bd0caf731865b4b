package clicktide.query;

import static org.awaitility.Awaitility.await;

import clicktide.bus.Addresses;
import clicktide.bus.ByReference;
import clicktide.bus.LiveGap;
import clicktide.event.OwnerId;
import clicktide.store.AnalyticsTarget;
import clicktide.time.ManualTime;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.junit5.VertxExtension;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("E9: live windows")
@ExtendWith(VertxExtension.class)
class LiveHubTest {
  private final EmptyLiveCounts counts = new EmptyLiveCounts();

  private static ServerWebSocket closedSocket() {
    var loader = LiveHubTest.class.getClassLoader();
    return (ServerWebSocket)
        Proxy.newProxyInstance(
            loader,
            new Class<?>[] {ServerWebSocket.class},
            (_, method, _) -> {
              if (method.getName().equals("isClosed")) {
                return true;
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  @Test
  @DisplayName("an increment that cannot be read makes each window read a snapshot again")
  void aGapMakesWindowsReadASnapshot(Vertx vertx) {
    ByReference.register(vertx);
    var hub = new LiveHub(vertx, counts, new ManualTime(Instant.parse("2026-05-03T12:00:00Z")));
    hub.start();
    for (var link = 1; link <= 2; link++) {
      hub.watch(
          new Watched.WatchedLink(
              new AnalyticsTarget.LinkTarget(link, new OwnerId(1)), "code" + link),
          new Subscription(null, closedSocket(), _ -> Optional.empty()));
    }
    await("the first snapshots").until(() -> counts.reads.get() == 2);

    for (var i = 0; i < 100; i++) {
      Addresses.LIVE_GAPS.publish(vertx, new LiveGap());
    }

    await("snapshots after the gap").until(() -> counts.reads.get() == 4);
  }
}
