package clicktide.redis;

import clicktide.bus.Addresses;
import clicktide.bus.LiveGap;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscribes to the increments of batch scripts and publishes them on the bus of this process.
 * Messages are lost while Redis is unavailable. The next message shows this as a gap between
 * positions.
 */
public final class RedisFeed {
  private static final Logger log = LoggerFactory.getLogger(RedisFeed.class);
  private static final long RETRY_MILLIS = 500;
  private static final Set<ResponseType> PUSHED = Set.of(ResponseType.MULTI, ResponseType.PUSH);
  private static final long CHECK_MILLIS = 2_000;

  private final Vertx vertx;
  private final String channel;
  private final Redis client;
  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile boolean closed;

  public RedisFeed(Vertx vertx, RedisServers redis) {
    this.vertx = vertx;
    channel = redis.named(Keys.CHANNEL);
    client = redis.subscriber();
  }

  /** Completes after the first attempt to subscribe. It is repeated until it succeeds. */
  public Future<Void> start() {
    return client.connect().compose(this::subscribe).recover(this::retry);
  }

  private Future<Void> subscribe(RedisConnection connection) {
    var isOpen = new AtomicBoolean(true);
    vertx.setPeriodic(CHECK_MILLIS, timer -> check(timer, connection, isOpen));
    connection.handler(this::receive);
    connection.exceptionHandler(_ -> restart(connection, isOpen));
    connection.endHandler(_ -> restart(connection, isOpen));
    return connection
        .send(Request.cmd(Command.SUBSCRIBE).arg(channel))
        .onFailure(_ -> isOpen.set(false)) // the caller repeats it
        .mapEmpty();
  }

  /** Ends a subscription to a server that keeps its connections but does not answer. */
  private void check(long timer, RedisConnection connection, AtomicBoolean isOpen) {
    if (!isOpen.get()) {
      vertx.cancelTimer(timer);
      return;
    }
    connection
        .send(Request.cmd(Command.PING))
        .timeout(CHECK_MILLIS, TimeUnit.MILLISECONDS)
        .onFailure(_ -> restart(connection, isOpen));
  }

  /**
   * Subscribes anew, once for each subscription: a cluster has several connections that can end.
   */
  private void restart(RedisConnection connection, AtomicBoolean isOpen) {
    if (isOpen.getAndSet(false)) {
      connection.close();
      if (!closed) {
        vertx.setTimer(RETRY_MILLIS, _ -> start());
      }
    }
  }

  private Future<Void> retry(Throwable failure) {
    if (!closed) {
      log.warn("The subscription to Redis failed and is repeated: {}", failure.getMessage());
      vertx.setTimer(RETRY_MILLIS, _ -> start());
    }
    return Future.succeededFuture();
  }

  /** Takes an increment. Answers to PING arrive here as well. */
  private void receive(Response push) {
    var isArray = push != null && PUSHED.contains(push.type());
    if (isArray && push.size() == 3 && push.get(0).toString().equals("message")) {
      IncrementMessage.read(push.get(2).toString())
          .ifPresentOrElse(
              increment -> Addresses.LIVE_INCREMENTS.publish(vertx, increment), this::publishGap);
    }
  }

  private void publishGap() {
    if (!warned.getAndSet(true)) {
      log.warn(
          "Increments in Redis have an unknown form of a newer version; snapshots replace them");
    }
    Addresses.LIVE_GAPS.publish(vertx, new LiveGap());
  }

  /** Ends the subscription. */
  public void close() {
    closed = true;
    client.close();
  }
}
