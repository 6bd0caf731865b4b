package clicktide.faults;

import static clicktide.time.Eventually.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;

import clicktide.deploy.Installation;
import clicktide.embedded.EmbeddedServers;
import clicktide.embedded.EmbeddedServers.Kind;
import clicktide.embedded.TestServers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Real servers and nodes of the product, all children of this driver. {@code front} redirects,
 * {@code back} has the other roles, and {@code second} is another aggregation node for some faults.
 */
final class Rig implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] JSON_BODY = {"Content-Type", "application/json"};
  private static final String ADMIN = "admin-key-of-the-fault-suite-0123456789";

  final Path folder;
  final EmbeddedServers servers;
  final Proxy redis;
  final Proxy postgres;
  final ProductProcess front;
  final ProductProcess back;
  final ProductProcess second;
  final Map<String, String> environment;
  String key = ADMIN;

  /** The node that answers short links. In some faults, a reverse proxy is in its place. */
  Installation linkNode;

  /** The node that answers the API. In some faults, a reverse proxy is in its place. */
  Installation apiNode;

  /** Starts everything. {@code jvm} chooses the options of the JVMs that get the traffic. */
  Rig(Path folder, Map<String, String> more, UnaryOperator<ProductProcess> jvm) throws Exception {
    this.folder = folder;
    servers = EmbeddedServers.start(folder.resolve("servers"), EnumSet.allOf(Kind.class));
    var redisUri = URI.create(servers.endpoints().redis());
    var postgresUri = URI.create(servers.endpoints().postgres());
    redis = new Proxy(redisUri.getPort(), "applied");
    postgres = new Proxy(postgresUri.getPort(), "COMMIT");
    environment = new TreeMap<>(TestServers.settings(servers.endpoints()));
    environment.put("CLICKTIDE_REDIS", proxied(redisUri, redis));
    environment.put("CLICKTIDE_POSTGRES", proxied(postgresUri, postgres));
    environment.put("CLICKTIDE_ADMIN_KEY", ADMIN);
    environment.put("CLICKTIDE_CALLS_A_MINUTE", "0"); // no limit for the oracle
    environment.put("CLICKTIDE_DRAIN_SECONDS", "0"); // an orderly stop is no fault
    environment.putAll(more);
    front = jvm.apply(new ProductProcess(folder, "front", environment, "redirect"));
    back =
        jvm.apply(
            new ProductProcess(
                folder, "back", environment, "ingest", "management", "aggregation", "query"));
    second = new ProductProcess(folder, "second", environment, "aggregation");
    linkNode = front.here;
    apiNode = back.here;
    back.launch();
    front.launch();
    back.awaitReady();
    front.awaitReady();
    var owner = post("/v1/owners", "{\"name\":\"faults\"}");
    key = owner.path("apiKey").textValue();
  }

  private static String proxied(URI uri, Proxy proxy) {
    return uri.toString().replace(":" + uri.getPort(), ":" + proxy.port());
  }

  JsonNode post(String path, String body) throws IOException, InterruptedException {
    return read(apiNode.api(key, "POST", path, body, JSON_BODY));
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return read(apiNode.api(key, "GET", path, ""));
  }

  /** The age of a link's counts in seconds: of live counts by minute, of rollups in total. */
  long staleness(String code, String bucket) throws IOException, InterruptedException {
    var answer = get("/v1/links/%s/analytics?interval=1h&bucket=%s".formatted(code, bucket));
    return answer.at("/meta/freshnessSeconds").longValue();
  }

  /** Returns the response, whatever its status. */
  HttpResponse<String> ask(String path) throws IOException, InterruptedException {
    return apiNode.api(key, "GET", path, "");
  }

  private static JsonNode read(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /** Sends a batch; true if the response is 202 and all events are accepted. */
  boolean accepts(String body, int events) {
    return refusal(body, events).isEmpty();
  }

  /** Sends a batch; empty if the response is 202 and all events are accepted, else the response. */
  Optional<String> refusal(String body, int events) {
    try {
      var path = "/internal/click-events/batch";
      var answer = apiNode.api(ADMIN, "POST", path, body, JSON_BODY);
      var isAccepted =
          answer.statusCode() == 202
              && JSON.readTree(answer.body()).path("accepted").intValue() == events;
      return isAccepted ? Optional.empty() : Optional.of(answer.statusCode() + " " + answer.body());
    } catch (IOException e) {
      return Optional.of(e.toString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Creates links that the front holds in its replica. */
  List<String> links(int count) throws IOException, InterruptedException {
    var codes = new ArrayList<String>();
    for (var i = 0; i < count; i++) {
      codes.add(link());
    }
    awaitReplica();
    return codes;
  }

  private String link() throws IOException, InterruptedException {
    var body = "{\"destination\":\"https://example.com/\"}";
    return post("/v1/links", body).path("code").textValue();
  }

  /** Waits until the front has read all changes of links (A5). The oracle ignores this link. */
  private void awaitReplica() throws IOException, InterruptedException {
    var marker = link();
    linkNode.follow(marker); // the front looks it up and holds it from now on
    var destination = "https://example.com/changed";
    var body = "{\"destination\":\"%s\"}".formatted(destination);
    read(apiNode.api(key, "PATCH", "/v1/links/" + marker, body, JSON_BODY));
    eventually("the front has read the changes of links")
        .until(
            () ->
                linkNode
                    .follow(marker)
                    .headers()
                    .firstValue("location")
                    .filter(destination::equals)
                    .isPresent());
  }

  /** Clicks by minute: the last hour of the live counts, and two hours of the rollups. */
  record Counted(Map<Instant, Long> live, Map<Instant, Long> rollup, boolean isComplete) {}

  Counted counted(String code) throws IOException, InterruptedException {
    var live = get("/v1/links/%s/analytics?bucket=minute&interval=1h".formatted(code));
    var now = Instant.now();
    var rollup =
        get(
            "/v1/links/%s/analytics?bucket=minute&dimensions=via&from=%s&to=%s"
                .formatted(code, now.minus(Duration.ofHours(2)), now.plusSeconds(60)));
    return new Counted(
        minutes(live),
        minutes(rollup),
        live.at("/meta/complete").booleanValue()
            && !live.at("/meta/source").textValue().equals("rollup"));
  }

  private static Map<Instant, Long> minutes(JsonNode answer) {
    var minutes = new TreeMap<Instant, Long>();
    for (var row : answer.path("series")) {
      var clicks = row.path("clicks").longValue();
      if (clicks > 0) {
        minutes.merge(Instant.parse(row.path("bucketStart").textValue()), clicks, Long::sum);
      }
    }
    return minutes;
  }

  /** The processes of a server, the parent first. */
  List<ProcessHandle> processes(Kind kind) {
    var found = ProcessHandle.current().descendants().filter(process -> is(process, kind)).toList();
    var heads = found.stream().filter(one -> one.parent().filter(found::contains).isEmpty());
    var all = new ArrayList<>(heads.toList());
    found.stream().filter(one -> !all.contains(one)).forEach(all::add);
    return all;
  }

  private boolean is(ProcessHandle process, Kind kind) {
    var program = process.info().command().orElse("");
    var inside = program.startsWith(folder.resolve("servers").toString());
    return switch (kind) {
      case KAFKA ->
          process.info().commandLine().filter(all -> all.contains("KafkaNode")).isPresent()
              && program.endsWith("java");
      case REDIS -> inside && program.contains("redis-server");
      case POSTGRES -> inside && program.endsWith("postgres");
    };
  }

  /** Empties Redis with FLUSHALL, after Redis has loaded its files. */
  void emptyRedis() throws IOException {
    tellRedis("FLUSHALL");
  }

  /** Limits the memory of Redis, after Redis has loaded its files; 0 removes the limit. */
  void limitRedis(int bytes) throws IOException {
    tellRedis("CONFIG SET maxmemory " + bytes);
  }

  private void tellRedis(String command) throws IOException {
    var answer =
        eventually("Redis has loaded its files")
            .until(() -> askRedis(command), reply -> !reply.contains("-LOADING"));
    if (answer.lines().filter("+OK"::equals).count() < 3) {
      throw new IOException(answer);
    }
  }

  private String askRedis(String command) throws IOException {
    var uri = URI.create(servers.endpoints().redis());
    var password = uri.getUserInfo().substring(uri.getUserInfo().indexOf(':') + 1);
    try (var socket = new Socket(uri.getHost(), uri.getPort())) {
      socket
          .getOutputStream()
          .write("AUTH %s\r\n%s\r\nQUIT\r\n".formatted(password, command).getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  /** Copies the current snapshot of Redis. */
  Path copyOfRedis() throws IOException {
    tellRedis("SAVE");
    return Files.copy(redisSnapshot(), folder.resolve("redis-copy-" + System.nanoTime()));
  }

  private Path redisSnapshot() {
    return folder.resolve("servers").resolve("redis").resolve("dump.rdb");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var copy = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  /** Copies the data folder of the front, as a clone of its machine or a backup has it. */
  Path copyOfFront(String name) throws IOException {
    var copy = folder.resolve(name);
    copy(front.here.data, copy);
    return copy;
  }

  /** Makes a redirect node with a copy of the front's data folder, as if on another machine. */
  ProductProcess clone(String name) throws IOException {
    copyOfFront(name);
    var journals = Files.createDirectories(folder.resolve(name + "-journals"));
    return new ProductProcess(folder, name, environment, "redirect")
        .with("CLICKTIDE_JOURNAL", journals.toString());
  }

  /** Puts the data folder of the stopped front back to a copy. */
  void putFrontBack(Path copy) throws IOException {
    Files.move(front.here.data, folder.resolve("front-" + System.nanoTime()));
    copy(copy, front.here.data);
  }

  /** Replaces the snapshot of the running Redis by an older one and kills Redis. */
  void restoreRedis(Path copy) throws IOException {
    Files.copy(copy, redisSnapshot(), StandardCopyOption.REPLACE_EXISTING);
    kill(Kind.REDIS);
  }

  private Path postgresFiles() {
    return folder.resolve("servers").resolve("postgres");
  }

  /** Puts the files of the running PostgreSQL back to those of the beginning. */
  RestoredPostgres.Loss earlierPostgres() {
    return () -> {
      var copy = copyOfPostgres();
      return () -> restorePostgres(copy);
    };
  }

  /** Copies the files of PostgreSQL at one moment, as a snapshot of its volume has them. */
  private Path copyOfPostgres() throws IOException, InterruptedException {
    var copy = Files.createTempDirectory(folder, "postgres-copy");
    signal(Kind.POSTGRES, "STOP");
    try {
      copy(postgresFiles(), copy);
    } finally {
      signal(Kind.POSTGRES, "CONT");
    }
    return copy;
  }

  /**
   * Replaces the files of the running PostgreSQL by older ones and kills all its processes. A
   * process that outlives its parent for a moment would write into the files that are lost.
   */
  private void restorePostgres(Path copy) throws IOException {
    Files.move(postgresFiles(), postgresFiles().resolveSibling("lost-" + System.nanoTime()));
    Files.move(copy, postgresFiles()); // only the user of the server may enter the folder
    processes(Kind.POSTGRES).forEach(ProcessHandle::destroyForcibly);
  }

  /** Returns the administrator's key. */
  String admin() {
    return ADMIN;
  }

  /** Cuts this many replies of scripts and as many of commits, and waits until they are cut. */
  void cutReplies(int replies) {
    var before = cuts();
    redis.cut(replies);
    postgres.cut(replies);
    eventually("the replies are cut").until(() -> cuts() >= before + 2 * replies);
  }

  int cuts() {
    return redis.cuts() + postgres.cuts();
  }

  void kill(Kind kind) {
    processes(kind).getFirst().destroyForcibly();
  }

  void signal(Kind kind, String signal) throws IOException, InterruptedException {
    for (var process : processes(kind)) {
      Signals.send(signal, process.pid());
    }
  }

  /**
   * Lets stopped servers go on and starts ended nodes, so that a failed row spoils no other one.
   */
  void recover() throws IOException, InterruptedException {
    for (var kind : Kind.values()) {
      signal(kind, "CONT");
    }
    for (var node : List.of(back, front)) {
      if (!node.isAlive()) {
        node.start();
      }
    }
  }

  /** Runs a command and returns true if it succeeds within 30 s. */
  static boolean runs(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @Override
  public void close() throws IOException {
    second.close();
    front.close();
    back.close();
    redis.close();
    postgres.close();
    servers.close();
  }
}
