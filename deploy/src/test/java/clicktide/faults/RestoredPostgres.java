package clicktide.faults;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL loses its last seconds, while all processes run and clicks arrive. In these seconds
 * links were made, changed, disabled and clicked.
 */
final class RestoredPostgres {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OLD = "{\"destination\": \"https://example.com/old\"}";
  private static final String NEW = "{\"destination\": \"https://example.com/new\"}";
  private static final int LINKS = 3;

  private final Rig rig;
  private final Loss loss;

  RestoredPostgres(Rig rig, Loss loss) {
    this.rig = rig;
    this.loss = loss;
  }

  /** A way in which PostgreSQL loses its last changes. */
  interface Loss {
    /** Starts the time whose changes are lost, and returns the fault that loses them. */
    Fault begin() throws Exception;

    /** Loses the changes since the beginning. */
    interface Fault {
      void inject() throws Exception;
    }
  }

  private JsonNode call(String key, String method, String path, String body) throws Exception {
    var answer = rig.back.here.api(key, method, path, body, "Content-Type", "application/json");
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isBetween(200, 299);
    return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
  }

  private String link(String key) throws Exception {
    var code = call(key, "POST", "/v1/links", OLD).path("code").textValue();
    eventually("the front serves the link").until(() -> follow(code) == 302);
    return code;
  }

  private int follow(String code) throws IOException, InterruptedException {
    return rig.front.here.follow(code).statusCode();
  }

  private boolean leadsTo(String code, String destination)
      throws IOException, InterruptedException {
    var location = rig.front.here.follow(code).headers().firstValue("location").orElse("");
    return location.equals("https://example.com/" + destination);
  }

  private long clicks(String key, String path, String bucket) throws Exception {
    var query = path + "/analytics?interval=1h&bucket=" + bucket;
    var sum = 0L;
    for (var row : call(key, "GET", query, "").path("series")) {
      sum += row.path("clicks").longValue();
    }
    return sum;
  }

  /** Returns the number of clicks that the caller's links got. */
  int run(double seconds) throws Exception {
    var changed = link(rig.key);
    var disabled = link(rig.key);
    var other = call(rig.admin(), "POST", "/v1/owners", "{\"name\": \"another\"}");
    var otherKey = other.path("apiKey").textValue();
    var fault = loss.begin();
    eventually("links can be changed").until(() -> canChange(changed));
    call(rig.key, "PATCH", "/v1/links/" + changed, NEW.replace("new", "newer"));
    call(rig.key, "PATCH", "/v1/links/" + disabled, "{\"enabled\": false}");
    eventually("the front has the change").until(() -> leadsTo(changed, "newer"));
    var lost = new ArrayList<String>();
    for (var i = 0; i < LINKS; i++) {
      lost.add(link(rig.key));
    }
    var clicks = LINKS;
    for (var code : lost) {
      for (var i = 0; i < 10; i++, clicks++) {
        assertThat(follow(code)).isEqualTo(302);
      }
    }
    FaultSuite.pause(seconds);

    fault.inject();

    var made = makeLinks(otherKey);
    eventually("the front has the links of the restored store")
        .until(() -> follow(lost.getLast()) == 404);
    for (var code : lost) {
      assertThat(follow(code)).as("a lost link").isEqualTo(404);
    }
    assertThat(leadsTo(changed, "old")).as("the restored destination").isTrue();
    assertThat(leadsTo(disabled, "old")).as("the restored state").isTrue();
    call(rig.key, "PATCH", "/v1/links/" + changed, NEW);
    eventually("a change after the restore").until(() -> leadsTo(changed, "new"));
    call(rig.key, "PATCH", "/v1/links/" + disabled, "{\"enabled\": false}");
    eventually("a link is disabled after the restore").until(() -> follow(disabled) == 410);
    showNoOtherClicks(otherKey, other.path("ownerId").textValue(), made);
    return clicks;
  }

  private boolean canChange(String code) throws IOException, InterruptedException {
    var answer =
        rig.back.here.api(
            rig.key, "PATCH", "/v1/links/" + code, NEW, "Content-Type", "application/json");
    return answer.statusCode() == 200;
  }

  private List<String> makeLinks(String key) throws Exception {
    var made = new ArrayList<String>();
    eventually("links can be made again").until(() -> make(key, made) == 2 * LINKS);
    return made;
  }

  private int make(String key, List<String> made) throws IOException, InterruptedException {
    var answer =
        rig.back.here.api(key, "POST", "/v1/links", OLD, "Content-Type", "application/json");
    if (answer.statusCode() == 201) {
      made.add(JSON.readTree(answer.body()).path("code").textValue());
    }
    return made.size();
  }

  /** Nobody followed the links of the other owner. */
  private void showNoOtherClicks(String key, String owner, List<String> links) throws Exception {
    for (var bucket : List.of("minute", "hour", "total")) {
      for (var code : links) {
        assertThat(clicks(key, "/v1/links/" + code, bucket)).as(bucket).isZero();
      }
      assertThat(clicks(key, "/v1/owners/" + owner, bucket)).as(bucket).isZero();
    }
    var ledger = call(key, "GET", "/v1/owners/" + owner + "/ledger", "");
    assertThat(ledger.path("received").longValue()).as("ledger").isZero();
  }
}
