package clicktide.redis;

import clicktide.store.AccessRefused;
import clicktide.store.DeploymentName;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** A client of one Redis, of the master that sentinels name, or of a cluster, with its scripts. */
public final class RedisServers {
  private static final int CONNECTIONS = 8;
  private static final int NODES =
      64; // of a cluster, at most; the client needs one connection each
  private static final List<String> LOGIN_ERRORS =
      List.of("WRONGPASS", "NOAUTH", "NOPERM", "ERR invalid password", "ERR AUTH");

  private final Vertx vertx;
  private final DeploymentName deployment;
  private final RedisOptions options;
  private final Redis client;
  private final UnaryOperator<String> rewrite;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();

  public RedisServers(Vertx vertx, RedisAddress address, DeploymentName deployment) {
    this(vertx, address, deployment, script -> script);
  }

  /** {@code rewrite} changes the text of each script, so that a test can watch it. */
  RedisServers(
      Vertx vertx, RedisAddress address, DeploymentName deployment, UnaryOperator<String> rewrite) {
    this.vertx = vertx;
    this.deployment = deployment;
    this.rewrite = rewrite;
    options =
        new RedisOptions()
            .setEndpoints(address.endpoints())
            .setMaxPoolSize(address.isCluster() ? NODES : CONNECTIONS)
            .setPoolName("commands")
            .setMaxWaitingHandlers(4_096)
            .setMaxPoolWaiting(1_024);
    if (address.isCluster()) {
      options.setType(RedisClientType.CLUSTER);
    }
    address
        .master()
        .ifPresent(name -> options.setType(RedisClientType.SENTINEL).setMasterName(name));
    var login = address.login();
    if (!login.getLast().isEmpty()) {
      options.setUser(login.getFirst().isEmpty() ? "default" : login.getFirst());
      options.setPassword(login.getLast());
    }
    var net = options.getNetClientOptions().setConnectTimeout(2_000);
    net.setSsl(address.isEncrypted()).setHostnameVerificationAlgorithm("HTTPS");
    address
        .authorities()
        .ifPresent(file -> net.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    client = Redis.createClient(vertx, options);
  }

  private record Script(String text, String sha) {}

  /** Returns the full name of a key or a channel of this deployment, as requests need it. */
  String named(String key) {
    return deployment.prefixed(key);
  }

  Future<Response> send(Request request) {
    return client.send(request);
  }

  /** A client with a connection of its own, for subscriptions. */
  Redis subscriber() {
    return Redis.createClient(
        vertx, new RedisOptions(options).setPoolName("subscriptions").setPoolRecycleTimeout(-1));
  }

  /**
   * Runs a script of this package with the full names of its keys, and reads the JSON document that
   * it returns. Sends the text of the script only if the server does not have it.
   */
  Future<JsonNode> run(ScriptCall call) {
    var script = scripts.computeIfAbsent(call.script(), this::load);
    var keys = call.keys().all().stream().map(this::named).toList();
    var document = RedisJson.write(call.document());
    return client
        .send(request(Command.EVALSHA, script.sha(), keys, document, call.texts()))
        .recover(
            failure ->
                String.valueOf(failure.getMessage()).startsWith("NOSCRIPT")
                    ? client.send(
                        request(Command.EVAL, script.text(), keys, document, call.texts()))
                    : Future.failedFuture(failure))
        .map(answer -> RedisJson.read(answer.toString()));
  }

  private static Request request(
      Command command, String script, List<String> keys, String document, List<String> texts) {
    var request = Request.cmd(command).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    request.arg(document);
    texts.forEach(request::arg);
    return request;
  }

  private Script load(String name) {
    var resource = "/clicktide/redis/%s.lua".formatted(name);
    try (var in = RedisServers.class.getResourceAsStream(resource)) {
      var text = rewrite.apply(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      var sha = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return new Script(text, HexFormat.of().formatHex(sha));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** Succeeds if the server answers. Fails with {@link AccessRefused} if it refuses the login. */
  public Future<Response> ping() {
    return client
        .send(Request.cmd(Command.PING))
        .recover(failure -> Future.failedFuture(translated(failure)));
  }

  private static Throwable translated(Throwable failure) {
    var message = String.valueOf(failure.getMessage());
    return LOGIN_ERRORS.stream().anyMatch(message::startsWith)
        ? new AccessRefused("Redis refuses the login or a permission: " + message, failure)
        : failure;
  }

  public void close() {
    client.close();
  }
}
