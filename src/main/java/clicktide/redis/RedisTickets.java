package clicktide.redis;

import clicktide.store.Tickets;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.Optional;

/** Tickets in Redis, so each node accepts the tickets that another node has issued. */
public final class RedisTickets implements Tickets {
  private final RedisServers redis;

  public RedisTickets(RedisServers redis) {
    this.redis = redis;
  }

  @Override
  public Future<Void> keep(String hash, String holder, Duration life) {
    return redis
        .send(Request.cmd(Command.SET).arg(key(hash)).arg(holder).arg("EX").arg(life.toSeconds()))
        .mapEmpty();
  }

  @Override
  public Future<Optional<String>> take(String hash) {
    return redis
        .send(Request.cmd(Command.GETDEL).arg(key(hash)))
        .map(holder -> Optional.ofNullable(holder).map(Object::toString));
  }

  private String key(String hash) {
    return redis.named("ct:ticket:" + hash);
  }
}
