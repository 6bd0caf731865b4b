package clicktide.faults;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.deploy.Installation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Changes of each kind through one process, at random times, until a second process shows each of
 * them: a hundred in the whole fault suite, else twenty. It prints the delays but asserts none,
 * because they depend on the machine. The product promises 2 s for links and 5 s for keys.
 */
final class Propagation implements AutoCloseable {
  private static final int TRIES = "all".equals(System.getProperty("clicktide.faults")) ? 100 : 20;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration SPREAD = Duration.ofMillis(150L * TRIES);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Semaphore calls =
      new Semaphore(16, true); // a key may have no more than 32 under way
  private final Rig rig;
  private final ProductProcess other;

  Propagation(Rig rig) throws IOException {
    this.rig = rig;
    other =
        new ProductProcess(rig.folder, "other", rig.environment, "ingest", "management", "query")
            .start();
  }

  @Override
  public void close() {
    other.close();
  }

  /** Changes something through one process and returns a test of the other process. */
  private interface Change {
    Callable<Boolean> make() throws Exception;
  }

  private JsonNode change(String method, String path, String body) throws Exception {
    var answer = ask(rig.back.here, rig.key, method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
  }

  /** Creates a link that the other process serves. */
  private String link() throws Exception {
    var code = change("POST", "/v1/links", "{\"destination\": \"https://example.com/old\"}");
    var text = code.path("code").textValue();
    eventually("the new link is served").pollInterval(POLL).until(() -> follow(text) == 302);
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
    eventually("the time of expiry").pollInterval(POLL).until(() -> Instant.now().isAfter(end));
    return () -> follow(code) == 410;
  }

  private Callable<Boolean> revocation() throws Exception {
    var keys = "/v1/owners/%s/keys".formatted(rig.get("/v1/me").path("ownerId").textValue());
    var made = change("POST", keys, "{\"name\": \"a key\"}");
    var key = made.path("apiKey").textValue();
    assertThat(statusOfMe(other.here, key)).isEqualTo(200);
    change("DELETE", keys + "/" + made.path("keyId").textValue(), "");
    return () -> statusOfMe(other.here, key) == 401;
  }

  private int statusOfMe(Installation where, String key) throws Exception {
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

  /** Makes a change after a delay and returns the milliseconds until the other process shows it. */
  private double propagate(String name, long delayMillis, Change change) throws Exception {
    TimeUnit.MILLISECONDS.sleep(delayMillis);
    var isVisible = change.make();
    var began = System.nanoTime();
    eventually(name + " reaches the second process").pollInterval(POLL).until(isVisible);
    return (System.nanoTime() - began) / 1e6;
  }

  /** Returns when each change of a link or a key has arrived. */
  void run() throws Exception {
    var changes = new LinkedHashMap<String, Change>();
    changes.put("new destination", this::destination);
    changes.put("disabled link", this::disabling);
    changes.put("deleted link", this::deletion);
    changes.put("expired link", this::expiry);
    changes.put("revoked key", this::revocation);
    var tries = new LinkedHashMap<String, List<Future<Double>>>();
    var random = FaultSuite.random("propagation");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      changes.forEach(
          (name, change) -> {
            var some = new ArrayList<Future<Double>>();
            for (var i = 0; i < TRIES; i++) {
              var delay = random.nextLong(SPREAD.toMillis());
              some.add(threads.submit(() -> propagate(name, delay, change)));
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
          "%-20s reached the second process after p50 %5.0f  p99 %5.0f  max %5.0f ms%n",
          entry.getKey(), took[TRIES / 2], took[TRIES * 99 / 100], took[TRIES - 1]);
    }
  }
}
