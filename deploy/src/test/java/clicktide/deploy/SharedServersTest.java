package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import clicktide.kafka.KafkaCluster;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Deployments that share one Kafka and one Redis")
@Timeout(120)
class SharedServersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final List<Main> products = new ArrayList<>();

  @AfterEach
  void close() {
    products.forEach(Main::close);
  }

  private Installation start(String name) throws Exception {
    var here = new Installation(folder.resolve(name));
    var environment = TestServers.freshSettings();
    environment.put("CLICKTIDE_NAME", name);
    products.add(Main.start(here.settings(environment), Clock.systemUTC()));
    var link = "{\"destination\":\"https://example.com/\",\"code\":\"same\"}";
    assertThat(here.api(here.key("owner"), "POST", "/v1/links", link).statusCode()).isEqualTo(201);
    return here;
  }

  private static int clicks(Installation here, String bucket) throws Exception {
    var path = "/v1/links/same/analytics?interval=1h&bucket=" + bucket;
    var answer = here.api(here.key("owner"), "GET", path, "").body();
    return JSON.readTree(answer).at("/totals/clicks/total").intValue();
  }

  @Test
  @DisplayName("count their own clicks only, in topics, groups and keys that begin with their name")
  void countTheirOwnClicks() throws Exception {
    var blue = TestServers.freshName("blue").replace('_', '-');
    var green = TestServers.freshName("green").replace('_', '-');
    var clicks = Map.of(start(blue), 3, start(green), 5);
    for (var one : clicks.entrySet()) {
      for (var i = 0; i < one.getValue(); i++) {
        assertThat(one.getKey().follow("same").statusCode()).isEqualTo(302);
      }
    }

    for (var one : clicks.entrySet()) {
      for (var bucket : List.of("minute", "total")) {
        eventually("the clicks are counted by " + bucket)
            .until(() -> clicks(one.getKey(), bucket), one.getValue()::equals);
      }
    }
    try (var admin =
        Admin.create(new KafkaCluster(TestServers.endpoints().kafka()).client(Map.of()))) {
      var groups = admin.listGroups().all().get().stream().map(group -> group.groupId()).toList();
      for (var name : List.of(blue, green)) {
        assertThat(admin.listTopics().names().get())
            .contains(name + ".events", name + ".dead-letters");
        assertThat(groups).contains(name + ".clicktide-rollup");
        assertThat(keys(name)).contains(name + ".ct:partitions", name + ".ct:{0}:fence");
      }
    }
  }

  private static List<String> keys(String name) {
    var vertx = Vertx.vertx();
    try {
      var redis = Redis.createClient(vertx, TestServers.endpoints().redis());
      var keys = redis.send(Request.cmd(Command.KEYS).arg(name + ".*")).await();
      return keys.stream().map(Object::toString).toList();
    } finally {
      vertx.close().await();
    }
  }
}
