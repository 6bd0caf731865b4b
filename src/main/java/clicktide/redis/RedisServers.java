package clicktide.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A client of one Redis, and the scripts that run there. */
public final class RedisServers {
  private final Vertx vertx;
  private final RedisOptions options;
  private final Redis client;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();

  public RedisServers(Vertx vertx, URI uri) {
    this.vertx = vertx;
    options =
        new RedisOptions()
            .setConnectionString(uri.toString())
            .setMaxPoolSize(8)
            .setMaxWaitingHandlers(4_096)
            .setMaxPoolWaiting(1_024);
    options.getNetClientOptions().setConnectTimeout(2_000);
    client = Redis.createClient(vertx, options);
  }

  private record Script(String text, String sha) {}

  Future<Response> send(Request request) {
    return client.send(request);
  }

  /** A client with a connection of its own, for subscriptions. */
  Redis subscriber() {
    return Redis.createClient(
        vertx, new RedisOptions(options).setMaxPoolSize(1).setPoolRecycleTimeout(-1));
  }

  /** Runs a script of this package; the server is taught it when it does not know it. */
  Future<Response> run(String name, List<String> keys, List<String> arguments) {
    var script = scripts.computeIfAbsent(name, RedisServers::load);
    return client
        .send(request(Command.EVALSHA, script.sha(), keys, arguments))
        .recover(
            failure ->
                String.valueOf(failure.getMessage()).startsWith("NOSCRIPT")
                    ? client.send(request(Command.EVAL, script.text(), keys, arguments))
                    : Future.failedFuture(failure));
  }

  private static Request request(
      Command command, String script, List<String> keys, List<String> arguments) {
    var request = Request.cmd(command).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    arguments.forEach(request::arg);
    return request;
  }

  private static Script load(String name) {
    var resource = "/clicktide/redis/%s.lua".formatted(name);
    try (var in = RedisServers.class.getResourceAsStream(resource)) {
      var text = in.readAllBytes();
      var sha = MessageDigest.getInstance("SHA-1").digest(text);
      return new Script(new String(text, StandardCharsets.UTF_8), HexFormat.of().formatHex(sha));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** Succeeds if the server answers. */
  public Future<Response> ping() {
    return client.send(Request.cmd(Command.PING));
  }

  public void close() {
    client.close();
  }
}
