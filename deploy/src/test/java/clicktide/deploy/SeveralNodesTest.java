package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import clicktide.event.Heartbeat;
import clicktide.kafka.KafkaCluster;
import clicktide.kafka.KafkaEventLog;
import clicktide.kafka.Topic;
import clicktide.settings.Role;
import clicktide.time.MonotonicClock;
import clicktide.time.TimeSource;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("O4: two nodes that have their first start on the same stores at the same moment")
@Timeout(180)
class SeveralNodesTest {
  @TempDir static Path folder;
  private static final Map<String, String> SETTINGS = TestServers.freshSettings();
  private static Installation a;
  private static Installation b;
  private static Main first;
  private static Main second;

  @BeforeAll
  static void startBoth() throws Exception {
    a = new Installation(folder.resolve("a"));
    b = new Installation(folder.resolve("b"));
    var starts = Stream.of(a, b).map(SeveralNodesTest::start).toList();
    first = starts.getFirst().get();
    second = starts.getLast().get();
  }

  private static FutureTask<Main> start(Installation here) {
    var settings = here.settings(SETTINGS);
    var start = new FutureTask<>(() -> Main.start(settings, Clock.systemUTC()));
    new Thread(start, "start").start();
    return start;
  }

  @AfterAll
  static void stopAll() {
    for (var product : List.of(second, first)) {
      product.close();
    }
  }

  private static Installation withFile(String name) {
    var found =
        Stream.of(a, b).filter(here -> Files.exists(here.data.resolve(name + ".key"))).toList();
    assertThat(found).as("folders with the key of %s", name).hasSize(1);
    return found.getFirst();
  }

  @Test
  @DisplayName("create one owner with one key and one link")
  void oneOwner() throws Exception {
    var key = withFile("owner").key("owner");
    for (var here : List.of(a, b)) {
      var links = RunningProduct.read(here.api(key, "GET", "/v1/links", "")).path("links");
      assertThat(links).as("links of the owner").hasSize(1);
    }
  }

  @Test
  @DisplayName("create one administrator's key, which both accept")
  void oneAdministratorsKey() throws Exception {
    var key = withFile("admin").key("admin");
    for (var here : List.of(a, b)) {
      var body = "{\"name\": \"Ada\"}";
      var made = here.api(key, "POST", "/v1/owners", body, "Content-Type", "application/json");
      assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }
  }

  @Test
  @DisplayName("accept the key that a third node of an earlier version has in its data folder")
  void earlierKeys() throws Exception {
    var key = "ct_aaaaaaaaaaaa_" + "k".repeat(43);
    var c = new Installation(folder.resolve("c"));
    Files.createDirectories(c.data);
    Files.writeString(c.data.resolve("admin.key"), key + "\n");
    var third = start(c).get();
    try {
      for (var here : List.of(c, a)) {
        var owner =
            RunningProduct.read(here.api(withFile("owner").key("owner"), "GET", "/v1/me", ""));
        var path = "/v1/owners/" + owner.path("ownerId").textValue();
        assertThat(here.api(key, "GET", path, "").statusCode()).isEqualTo(200);
      }
      assertThat(Files.readString(c.data.resolve("admin.key")).strip()).isEqualTo(key);
    } finally {
      third.close();
    }
  }

  @Test
  @DisplayName("obey a setting with the administrator's key, which precedes registered keys")
  void settingPrecedes() throws Exception {
    var d = new Installation(folder.resolve("d"));
    var environment = new HashMap<>(SETTINGS);
    var key = "k".repeat(40);
    environment.put("CLICKTIDE_ADMIN_KEY", key);
    var product = Main.start(d.settings(environment), Clock.systemUTC());
    try {
      assertThat(d.api(key, "GET", "/v1/owners/1", "").statusCode()).isEqualTo(404);
      var registered = withFile("admin").key("admin");
      assertThat(d.api(registered, "GET", "/v1/owners/1", "").statusCode()).isEqualTo(401);
      assertThat(d.data.resolve("admin.key")).doesNotExist();
    } finally {
      product.close();
    }
  }

  private static int callsLeft(Installation here) throws Exception {
    var answer = here.api(withFile("owner").key("owner"), "GET", "/v1/me", "");
    var header = answer.headers().firstValue("ratelimit").orElseThrow();
    return Integer.parseInt(header.replaceAll(".*;r=(\\d+).*", "$1"));
  }

  @Test
  @DisplayName("share the calls of an owner: the answers of one node count those of the other")
  void sharedCalls() throws Exception {
    eventually("calls of the first node are missing in the rest of the second")
        .until(
            () -> {
              var before = callsLeft(b);
              for (var i = 0; i < 10; i++) {
                callsLeft(a);
              }
              return callsLeft(b) <= before - 10;
            });
  }

  private static JsonNode nodes(Installation here) throws Exception {
    var key = withFile("admin").key("admin");
    return RunningProduct.read(here.api(key, "GET", "/v1/admin/nodes", "")).path("nodes");
  }

  private static HttpResponse<String> remove(String nodeId) throws Exception {
    var key = withFile("admin").key("admin");
    return b.api(key, "DELETE", "/v1/admin/nodes/" + nodeId, "");
  }

  @Test
  @DisplayName("are in the registry, and cannot be removed while they send heartbeats")
  void registry() throws Exception {
    eventually("both nodes are registered").until(() -> nodes(a).size() == 2);
    for (var node : nodes(b)) {
      assertThat(node.path("state").textValue()).isEqualTo("running");
      assertThat(node.path("version").textValue()).isEqualTo(Version.TEXT);
      assertThat(node.path("roles")).hasSize(Role.values().length);
      var refusal = remove(node.path("nodeId").textValue());
      assertThat(refusal.statusCode()).isEqualTo(409);
      assertThat(refusal.body()).contains("node_running");
    }
    assertThat(remove("abcdef").statusCode()).isEqualTo(404);
    assertThat(remove("no-id").statusCode()).isEqualTo(404);
  }

  private static String warnings(String path) throws Exception {
    var owner = withFile("owner");
    var body = RunningProduct.read(a.api(owner.key("owner"), "GET", path, ""));
    return body.path("meta").path("warnings").toString();
  }

  @Test
  @DisplayName("name a silent node in answers of both stores until it is removed")
  void silentNode() throws Exception {
    var me = RunningProduct.read(a.api(withFile("owner").key("owner"), "GET", "/v1/me", ""));
    var owner = "/v1/owners/" + me.path("ownerId").textValue();
    var paths =
        List.of(
            owner + "/analytics?interval=1h&bucket=minute",
            owner + "/analytics?interval=1h&bucket=total",
            owner + "/analytics/top-links?interval=1h",
            owner + "/analytics/top-links?interval=24h");
    sendHeartbeatWithOldClicks(0xabcL);
    for (var path : paths) {
      eventually(path + " names it").until(() -> warnings(path).contains("silent_node:abc"));
    }

    assertThat(remove("abc").statusCode()).isEqualTo(204);

    for (var path : paths) {
      eventually(path + " no longer names it").until(() -> !warnings(path).contains("silent"));
    }
  }

  /** A node that has old clicks, and that never sends them, is silent at once. */
  private static void sendHeartbeatWithOldClicks(long node) throws Exception {
    var old = Instant.now().minusSeconds(300);
    var heartbeat = new Heartbeat(node, 1, 1, old, List.of(0L), List.of(), false);
    var kafka = new KafkaCluster(TestServers.endpoints().kafka());
    var shape = new Topic.Shape(2, 1, Duration.ofDays(7));
    var name = SETTINGS.get("CLICKTIDE_NAME") + "." + Topic.EVENTS;
    var topic = Topic.ready(kafka, name, shape, TimeSource.system());
    var vertx = Vertx.vertx();
    var clock = new MonotonicClock(TimeSource.system());
    KafkaEventLog.open(vertx, kafka, topic, clock, _ -> heartbeat).close().await();
    vertx.close().await();
  }
}
