package clicktide.redis;

import clicktide.bus.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what batch scripts publish and passes it on to the bus of this process. What is lost while
 * the connection is away shows as a gap in the positions, at the latest with the next tick.
 */
public final class RedisFeed {
  private static final Logger log = LoggerFactory.getLogger(RedisFeed.class);
  private static final long PAUSE_MILLIS = 500;

  private final Vertx vertx;
  private final Redis client;
  private volatile boolean closed;

  public RedisFeed(Vertx vertx, RedisServers redis) {
    this.vertx = vertx;
    client = redis.subscriber();
  }

  public Future<Void> start() {
    return client.connect().compose(this::subscribe).recover(this::again);
  }

  private Future<Void> subscribe(RedisConnection connection) {
    connection.handler(this::heard);
    connection.exceptionHandler(_ -> connection.close());
    connection.endHandler(
        _ -> {
          if (!closed) {
            vertx.setTimer(PAUSE_MILLIS, _ -> start());
          }
        });
    return connection.send(Request.cmd(Command.SUBSCRIBE).arg(Keys.CHANNEL)).mapEmpty();
  }

  private Future<Void> again(Throwable failure) {
    if (!closed) {
      log.warn("Redis cannot be subscribed to and is tried again: {}", failure.getMessage());
      vertx.setTimer(PAUSE_MILLIS, _ -> start());
    }
    return Future.succeededFuture();
  }

  private void heard(Response push) {
    if (push != null && push.size() == 3 && push.get(0).toString().equals("message")) {
      Addresses.COUNTED.publish(vertx, CountedText.read(push.get(2).toString()));
    }
  }

  public void close() {
    closed = true;
    client.close();
  }
}
