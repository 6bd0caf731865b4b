package clicktide.faults;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.deploy.Installation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one process is told, another one does: a hundred tries of each kind of change, at times that
 * have nothing to do with anybody's period. How long it took is printed, to be held against what is
 * promised (2 seconds for links, 5 for keys); the test itself fails when a change is never seen,
 * because how fast a machine is that runs tests says nothing about the product.
 */
@DisplayName("A5, E10: a second process sees what was changed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class SeenElsewhereTest {
  private static final int TRIES = 100;
  private static final long LOOK_MILLIS = 20;
  private static final Duration SPREAD = Duration.ofSeconds(15);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Semaphore calls = new Semaphore(16); // a key may have no more than 32 under way
  private Rig rig;
  private Node other;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    rig = new Rig(folder, Map.of("CLICKTIDE_JOURNAL_MEGABYTES", "16"));
    other = new Node(folder, "other", rig.environment, "ingest", "management", "query").start();
  }

  @AfterAll
  void close() throws Exception {
    other.close();
    rig.close();
  }

  /** Changes something in one process and says when the other one is expected to know. */
  private interface Change {
    Callable<Boolean> make() throws Exception;
  }

  private JsonNode change(String method, String path, String body) throws Exception {
    var answer = ask(rig.back.here, rig.key, method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
  }

  /** A link that the other process serves already. */
  private String link() throws Exception {
    var code = change("POST", "/v1/links", "{\"destination\": \"https://example.com/old\"}");
    var text = code.path("code").textValue();
    while (follow(text) != 302) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return text;
  }

  private int follow(String code) throws Exception {
    return rig.front.here.follow(code).statusCode();
  }

  private Callable<Boolean> destination() throws Exception {
    var code = link();
    change("PATCH", "/v1/links/" + code, "{\"destination\": \"https://example.com/new\"}");
    return () ->
        rig.front.here.follow(code).headers().firstValue("location").orElse("").endsWith("/new");
  }

  private Callable<Boolean> disabling() throws Exception {
    var code = link();
    change("PATCH", "/v1/links/" + code, "{\"enabled\": false}");
    return () -> follow(code) == 410;
  }

  private Callable<Boolean> deletion() throws Exception {
    var code = link();
    change("DELETE", "/v1/links/" + code, "");
    return () -> follow(code) == 410;
  }

  private Callable<Boolean> expiry() throws Exception {
    var code = link();
    var end = Instant.now().plusMillis(2_500);
    change("PATCH", "/v1/links/" + code, "{\"expiresAt\": \"%s\"}".formatted(end));
    TimeUnit.MILLISECONDS.sleep(Duration.between(Instant.now(), end).toMillis());
    return () -> follow(code) == 410;
  }

  private Callable<Boolean> revocation() throws Exception {
    var keys = "/v1/owners/%s/keys".formatted(rig.get("/v1/me").path("ownerId").textValue());
    var made = change("POST", keys, "{\"name\": \"a key\"}");
    var key = made.path("apiKey").textValue();
    assertThat(asks(other.here, key)).isEqualTo(200);
    change("DELETE", keys + "/" + made.path("keyId").textValue(), "");
    return () -> asks(other.here, key) == 401;
  }

  private int asks(Installation where, String key) throws Exception {
    return ask(where, key, "GET", "/v1/me", "").statusCode();
  }

  private HttpResponse<String> ask(
      Installation where, String key, String method, String path, String body) throws Exception {
    calls.acquire();
    try {
      return where.api(key, method, path, body, "Content-Type", "application/json");
    } finally {
      calls.release();
    }
  }

  private double milliseconds(Change change) throws Exception {
    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(SPREAD.toMillis()));
    var isSeen = change.make();
    var began = System.nanoTime();
    while (!isSeen.call()) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return (System.nanoTime() - began) / 1e6;
  }

  @Test
  @DisplayName("links and keys, whatever is changed")
  void whatWasChanged() throws Exception {
    var changes = new LinkedHashMap<String, Change>();
    changes.put("destination changed", this::destination);
    changes.put("link disabled", this::disabling);
    changes.put("link deleted", this::deletion);
    changes.put("link expired", this::expiry);
    changes.put("key revoked", this::revocation);
    var tries = new LinkedHashMap<String, List<Future<Double>>>();
    try (var hands = Executors.newVirtualThreadPerTaskExecutor()) {
      changes.forEach(
          (name, change) -> {
            var some = new ArrayList<Future<Double>>();
            for (var i = 0; i < TRIES; i++) {
              some.add(hands.submit(() -> milliseconds(change)));
            }
            tries.put(name, some);
          });
    }
    for (var entry : tries.entrySet()) {
      var took = new double[TRIES];
      for (var i = 0; i < TRIES; i++) {
        took[i] = entry.getValue().get(i).get();
      }
      Arrays.sort(took);
      System.out.printf(
          "%-20s seen by a second process after p50 %5.0f  p99 %5.0f  most %5.0f ms%n",
          entry.getKey(), took[TRIES / 2], took[TRIES * 99 / 100], took[TRIES - 1]);
    }
  }
}
