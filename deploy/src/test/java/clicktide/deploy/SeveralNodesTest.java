package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.EmbeddedServers;
import clicktide.embedded.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
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
  private static EmbeddedServers servers;
  private static Installation a;
  private static Installation b;
  private static Main first;
  private static Main second;

  @BeforeAll
  static void startBoth() throws Exception {
    servers =
        EmbeddedServers.start(folder.resolve("servers"), EnumSet.allOf(EmbeddedServers.Kind.class));
    a = new Installation(folder.resolve("a"));
    b = new Installation(folder.resolve("b"));
    var starts = Stream.of(a, b).map(SeveralNodesTest::start).toList();
    first = starts.getFirst().get();
    second = starts.getLast().get();
  }

  private static FutureTask<Main> start(Installation here) {
    var settings = here.settings(TestServers.settings(servers.endpoints()));
    var start = new FutureTask<>(() -> Main.start(settings, Clock.systemUTC()));
    new Thread(start, "start").start();
    return start;
  }

  @AfterAll
  static void stopAll() {
    for (var product : List.of(second, first)) {
      product.close();
    }
    servers.close();
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
    var environment = new HashMap<>(TestServers.settings(servers.endpoints()));
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
}
