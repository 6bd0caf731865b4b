package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The whole product on real Kafka, Redis and PostgreSQL")
@Timeout(120)
class SystemTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";

  @TempDir static Path data;
  private static Installation here;
  private static Main product;
  private static String admin;
  private static String me;

  @BeforeAll
  static void start() throws Exception {
    here = new Installation(data);
    product = Main.start(here.settings(), Clock.systemUTC());
    admin = here.key("admin");
    me = here.key("owner");
  }

  @AfterAll
  static void stop() {
    product.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(
            name ->
                name.startsWith("follow-")
                    || name.startsWith("vert.x-eventloop")
                    || name.startsWith("watch-"));
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  private static String newLink() throws Exception {
    var made = here.api(me, "POST", "/v1/links", "{\"destination\": \"https://example.com/x\"}");
    assertThat(made.statusCode()).isEqualTo(201);
    return json(made).path("code").textValue();
  }

  private static String newOwner() throws Exception {
    var made = here.api(admin, "POST", "/v1/owners", "{\"name\": \"Ada\"}");
    assertThat(made.statusCode()).isEqualTo(201);
    return json(made).path("apiKey").textValue();
  }

  private static JsonNode analytics(String code, String query) throws Exception {
    var answer = here.api(me, "GET", "/v1/links/%s/analytics?%s".formatted(code, query), "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer);
  }

  private static void await(Callable<Boolean> isSo) throws Exception {
    while (!isSo.call()) {
      TimeUnit.MILLISECONDS.sleep(50); // the deadline is the test's
    }
  }

  @Test
  @DisplayName(
      "O4: the first start makes keys that only their owner can read, and a link that works")
  void theFirstStart() throws Exception {
    for (var name : new String[] {"admin.key", "owner.key"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name))))
          .isEqualTo("rw-------");
      assertThat(Files.readAllLines(data.resolve(name))).hasSize(1);
    }
    assertThat(here.management("/health/ready").body()).contains("\"ok\"");
    assertThat(here.management("/metrics").body()).contains("clicks_dropped_total");
    var links = json(here.api(me, "GET", "/v1/links?limit=200", "")).path("links");
    assertThat(links).isNotEmpty();
    var first = links.get(links.size() - 1).path("code").textValue();
    assertThat(here.follow(first).statusCode()).isEqualTo(302);
  }

  @Test
  @DisplayName("a click is in Redis, in the rollups and in every bucket, people and machines apart")
  void aClickIsCounted() throws Exception {
    var code = newLink();
    here.follow(
        code,
        "User-Agent",
        FIREFOX,
        "X-Forwarded-For",
        "203.0.113.1",
        "Referer",
        "https://www.example.org/a");
    here.follow(code, "User-Agent", FIREFOX, "X-Forwarded-For", "203.0.113.2");
    here.follow(
        code + "?utm_source=news", "User-Agent", "curl/8.5", "X-Forwarded-For", "203.0.113.1");

    await(
        () ->
            analytics(code, "bucket=total&interval=1h")
                    .path("totals")
                    .path("clicks")
                    .path("total")
                    .intValue()
                == 3);
    await(
        () ->
            analytics(code, "bucket=minute&interval=1h")
                    .path("totals")
                    .path("clicks")
                    .path("total")
                    .intValue()
                == 3);

    for (var bucket : new String[] {"minute", "quarter", "hour", "day", "week", "month", "total"}) {
      var answer =
          analytics(
              code,
              "interval=%s&bucket=%s".formatted(bucket.equals("minute") ? "1h" : "7d", bucket));
      var clicks = answer.path("totals").path("clicks");
      assertThat(clicks.path("human").intValue()).as(bucket).isEqualTo(2);
      assertThat(clicks.path("bot").intValue()).as(bucket).isEqualTo(1);
      var sum = 0;
      for (var row : answer.path("series")) {
        sum += row.path("clicks").intValue();
        assertThat(row.path("isFinalized").booleanValue()).isFalse();
      }
      assertThat(sum).as(bucket).isEqualTo(3);
    }
    var visitors =
        analytics(
            code,
            "interval=24h&bucket=total&metrics=clicks,unique_visitors&dimensions=browser,referrer&tz=Asia/Kathmandu");
    assertThat(visitors.path("totals").path("uniqueVisitors").path("estimate").intValue())
        .isEqualTo(2);
    assertThat(visitors.path("series")).hasSize(3);
    assertThat(visitors.path("series").toString())
        .contains("\"referrer\":\"example.org\"")
        .contains("+05:45");
    var filtered = analytics(code, "interval=24h&bucket=total&source=news&traffic=bot");
    assertThat(filtered.path("series").get(0).path("clicks").intValue()).isEqualTo(1);
    assertThat(
            analytics(code, "interval=24h&bucket=total&source=-news")
                .path("totals")
                .path("clicks")
                .path("total")
                .intValue())
        .isEqualTo(2);
    var top =
        json(
            here.api(
                me,
                "GET",
                "/v1/owners/%s/analytics/top-links?interval=24h&limit=100".formatted(owner()),
                ""));
    assertThat(top.path("links").toString())
        .contains("{\"code\":\"%s\",\"clicks\":3".formatted(code));
  }

  private static String owner() throws Exception {
    return json(here.api(me, "GET", "/v1/me", "")).path("ownerId").textValue();
  }

  @Test
  @DisplayName("E8: an answer has a validator that stays as long as its numbers do")
  void anAnswerHasAValidator() throws Exception {
    var code = newLink();
    var event = "{\"events\":[{\"eventId\":\"%s\",\"shortCode\":\"%s\",\"eventTime\":\"%s\"}]}";
    var at = Instant.now().minus(Duration.ofDays(10)).truncatedTo(ChronoUnit.HOURS);
    var path =
        "/v1/links/%s/analytics?from=%s&to=%s&bucket=hour"
            .formatted(code, at.minusSeconds(86_400), at.plusSeconds(86_400));
    for (var n = 1; n <= 2; n++) {
      var batch = event.formatted("etag-" + code + n, code, at);
      assertThat(here.api(me, "POST", "/internal/click-events/batch", batch).statusCode())
          .isEqualTo(202);
      var clicks = n;
      await(
          () ->
              json(here.api(me, "GET", path, "")).at("/totals/clicks/total").intValue() == clicks);
      var first = here.api(me, "GET", path, "");
      var etag = first.headers().firstValue("etag").orElseThrow();
      assertThat(first.headers().firstValue("cache-control")).contains("private, max-age=60");

      var again = here.api(me, "GET", path, "", "If-None-Match", "\"other\", " + etag);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(again.headers().firstValue("etag")).contains(etag);
      var known = here.api(me, "GET", path, "", "If-None-Match", "W/\"0123456789abcdef\"");
      assertThat(known.statusCode()).isEqualTo(200);
    }
    var top =
        "/v1/owners/%s/analytics/top-links?from=%s&to=%s"
            .formatted(owner(), at, at.plusSeconds(3_600));
    var etag = here.api(me, "GET", top, "").headers().firstValue("etag").orElseThrow();
    assertThat(here.api(me, "GET", top, "", "If-None-Match", etag).statusCode()).isEqualTo(304);
    var recent = here.api(me, "GET", "/v1/links/%s/analytics?interval=24h".formatted(code), "");
    assertThat(recent.headers().firstValue("cache-control")).contains("private, no-cache");
  }

  @Test
  @DisplayName("E1: a period is compared with the one before")
  void aPeriodIsCompared() throws Exception {
    var code = newLink();
    var midnight = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(20));
    var events = new ArrayList<String>();
    for (var hours : new int[] {-49, -47, -1, 0, 1, 47}) {
      events.add(
          "{\"eventId\":\"compare%s%d\",\"shortCode\":\"%1$s\",\"eventTime\":\"%3$s\"}"
              .formatted(code, hours, midnight.plus(Duration.ofHours(hours))));
    }
    var batch = "{\"events\":[%s]}".formatted(String.join(",", events));
    here.api(me, "POST", "/internal/click-events/batch", batch);
    var query =
        "bucket=day&compare=previous&from=%s&to=%s"
            .formatted(midnight, midnight.plus(Duration.ofDays(2)));
    await(() -> analytics(code, query).at("/totals/clicks/total").intValue() == 3);

    var previous = analytics(code, query).path("previous");

    assertThat(previous.path("from").textValue())
        .isEqualTo(midnight.minus(Duration.ofDays(2)).toString());
    assertThat(previous.path("to").textValue()).isEqualTo(midnight.toString());
    assertThat(previous.at("/totals/clicks/total").intValue()).isEqualTo(2);
    assertThat(previous.path("series")).hasSize(2);
    assertThat(
            here.api(me, "GET", "/v1/links/%s/analytics?compare=x".formatted(code), "")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  @DisplayName("G19: the newest clicks are shown one by one, without address and user agent")
  void theNewestClicksAreShown() throws Exception {
    var code = newLink();
    here.follow(code + "?utm_source=a", "User-Agent", FIREFOX, "X-Forwarded-For", "203.0.113.77");
    here.follow(code + "?utm_source=b", "User-Agent", FIREFOX, "X-Forwarded-For", "203.0.113.77");
    var path = "/v1/links/%s/events".formatted(code);
    await(() -> json(here.api(me, "GET", path, "")).path("events").size() == 2);

    var answer = here.api(me, "GET", path, "");

    var events = json(answer).path("events");
    assertThat(events.get(0).path("source").textValue()).isEqualTo("b");
    assertThat(events.get(0).path("browser").textValue()).isEqualTo("Firefox");
    assertThat(events.get(0).path("code").textValue()).isEqualTo(code);
    assertThat(events.get(0).path("traffic").textValue()).isEqualTo("human");
    assertThat(answer.body()).doesNotContain("203.0.113.77").doesNotContain("Gecko");
    var ofOwner = here.api(me, "GET", "/v1/owners/%s/events?limit=1000".formatted(owner()), "");
    assertThat(ofOwner.body()).contains(code);
    assertThat(here.api(newOwner(), "GET", path, "").statusCode()).isEqualTo(404);
    assertThat(here.api(me, "GET", path + "?limit=101", "").statusCode()).isEqualTo(400);
  }

  @Test
  @DisplayName("C3: an id that is sent again counts once, in the hot hour and in the rollups")
  void anIdCountsOnce() throws Exception {
    var code = newLink();
    var event = "{\"eventId\":\"%s\",\"shortCode\":\"%s\",\"eventTime\":\"%s\"}";
    var now = Instant.now().toString();
    var batch =
        "{\"events\":[%s,%s,%s]}"
            .formatted(
                event.formatted("a", code, now),
                event.formatted("b", code, now),
                event.formatted("a", code, now));
    for (var i = 0; i < 3; i++) {
      var answer = here.api(me, "POST", "/internal/click-events/batch", batch);
      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(json(answer).path("accepted").intValue()).isEqualTo(3);
    }
    newCountIs(code, 2);
    var foreign = here.api(newOwner(), "POST", "/internal/click-events/batch", batch);
    assertThat(json(foreign).path("rejected").intValue()).isEqualTo(3);
    assertThat(foreign.body()).contains("unknown_link");
  }

  /** After a click behind everything else was counted, nothing more can come. */
  private static void newCountIs(String code, int count) throws Exception {
    var marker = newLink();
    var before = Instant.now();
    here.follow(marker);
    await(
        () ->
            Instant.parse(
                    analytics(marker, "bucket=total&interval=1h").path("freshThrough").textValue())
                .isAfter(before));
    await(
        () ->
            Instant.parse(
                    analytics(marker, "bucket=minute&interval=1h").path("freshThrough").textValue())
                .isAfter(before));
    assertThat(
            analytics(code, "bucket=total&interval=1h")
                .path("totals")
                .path("clicks")
                .path("total")
                .intValue())
        .isEqualTo(count);
    assertThat(
            analytics(code, "bucket=minute&interval=1h")
                .path("totals")
                .path("clicks")
                .path("total")
                .intValue())
        .isEqualTo(count);
  }

  @ParameterizedTest(name = "{0} {1} {2} is {3} {4}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST  | /v1/links | {\"destination\":\"javascript:alert(1)\"} | 422 | scheme_not_allowed",
        "POST  | /v1/links | {\"destination\":\"http://169.254.169.254/\"} | 422 | destination_private",
        "POST  | /v1/links | {\"destination\":\"http://localhost:8080/x\"} | 422 | destination_is_ours",
        "POST  | /v1/links | {\"destination\":\"https://example.com\",\"clicks\":5} | 422 | unknown_field",
        "POST  | /v1/links | {\"destination\":\"https://example.com\",\"code\":\"a b\"} | 422 | invalid_code",
        "POST  | /v1/links | {\"destination\":\"https://example.com\",\"redirectStatus\":200} | 422 | invalid_status",
        "POST  | /v1/links | {\"destination\":\"https://example.com\",\"ownerId\":\"own_1\"} | 422 | not_yours",
        "POST  | /v1/links | {} | 422 | missing_field",
        "POST  | /v1/links | {\"destination\": | 400 | malformed_json",
        "POST  | /v1/links | [] | 422 | not_an_object",
        "POST  | /v1/owners | {\"name\":\"x\"} | 403 | forbidden",
        "GET   | /v1/links/nobody | `` | 404 | not_found",
        "GET   | /v1/links/nobody/analytics | `` | 404 | not_found",
        "GET   | /v1/nothing | `` | 404 | not_found",
        "PUT   | /v1/links/nobody | `` | 405 | method_not_allowed",
        "GET   | /v1/owners/own_1/analytics/top-links | `` | 404 | not_found",
        "GET   | /v1/links?limit=0 | `` | 400 | invalid_parameter",
        "GET   | /v1/links?limit=1&limit=2 | `` | 400 | invalid_parameter",
        "GET   | /v1/links?limit=%25zz | `` | 400 | invalid_parameter",
        "GET   | /v1/links?cursor=%00 | `` | 400 | invalid_parameter",
        "POST  | /v1/links | {\"destination\":null} | 422 | missing_field",
        "POST  | /v1/links | {\"destination\":\"https://example.com\",\"startsAt\":\"+999999999-01-01T00:00:00Z\"} | 422 | invalid_time",
        "GET   | /v1/links?colour=red | `` | 400 | unknown_parameter",
        "POST  | /internal/click-events/batch | {\"events\":[]} | 422 | no_events",
        "POST  | /internal/click-events/batch | {} | 422 | no_events",
        "POST  | /internal/click-events/batch | {\"events\":[],\"events\":[]} | 400 | malformed_json"
      })
  @DisplayName("bad input gets a clear answer")
  void badInput(String method, String path, String body, int status, String code) throws Exception {
    var answer = here.api(me, method, path, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).path("code").textValue()).isEqualTo(code);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(json(answer).path("requestId").textValue()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "tz=Mars/Base,400",
    "bucket=fortnight,400",
    "from=yesterday,400",
    "dimensions=colour,400",
    "metrics=love,400",
    "traffic=ufo,400",
    "interval=1h&from=2026-01-01T00:00:00Z,400",
    "limit=5000,400",
    "bucket=minute&interval=7d,422",
    "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z,422",
    "interval=all,200",
    "from=2026-01-01T00:00:00%2B05:30&to=2026-01-02T00:00:00%2B05:30&tz=Asia/Kolkata&bucket=hour,200"
  })
  @DisplayName("E1: questions that cannot be understood are 400, those that are refused 422")
  void questions(String query, int status) throws Exception {
    var code = newLink();
    assertThat(
            here.api(me, "GET", "/v1/links/%s/analytics?%s".formatted(code, query), "")
                .statusCode())
        .isEqualTo(status);
  }

  @Test
  @DisplayName(
      "G17: somebody else's link is as absent as one that never was; deleted ones are gone")
  void somebodyElsesLink() throws Exception {
    var code = newLink();
    var stranger = newOwner();
    for (var path : new String[] {"/v1/links/%s", "/v1/links/%s/analytics"}) {
      assertThat(here.api(stranger, "GET", path.formatted(code), "").statusCode()).isEqualTo(404);
      assertThat(here.api("", "GET", path.formatted(code), "").statusCode()).isEqualTo(401);
      assertThat(here.api("ct_wrong", "GET", path.formatted(code), "").statusCode()).isEqualTo(401);
      assertThat(here.api(admin, "GET", path.formatted(code), "").statusCode()).isEqualTo(200);
    }
    assertThat(here.api(stranger, "DELETE", "/v1/links/" + code, "").statusCode()).isEqualTo(404);
    assertThat(here.api(stranger, "PATCH", "/v1/links/" + code, "{\"enabled\":false}").statusCode())
        .isEqualTo(404);
    assertThat(
            here.api(
                    me,
                    "POST",
                    "/v1/links",
                    "{\"destination\":\"https://example.com\",\"code\":\"%s\"}".formatted(code))
                .statusCode())
        .isEqualTo(409);

    assertThat(here.api(me, "PATCH", "/v1/links/" + code, "{\"enabled\":false}").statusCode())
        .isEqualTo(200);
    assertThat(here.follow(code).statusCode()).isEqualTo(410);
    var changed =
        here.api(
            me,
            "PATCH",
            "/v1/links/" + code,
            "{\"enabled\":true,\"destination\":\"https://example.com/new\"}");
    assertThat(json(changed).path("version").intValue()).isEqualTo(3);
    assertThat(here.follow(code).headers().firstValue("location"))
        .contains("https://example.com/new");
    assertThat(here.api(me, "DELETE", "/v1/links/" + code, "").statusCode()).isEqualTo(204);
    assertThat(here.follow(code).statusCode()).isEqualTo(410);
    assertThat(here.api(me, "GET", "/v1/links/" + code, "").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("B4: batches have bounds, and a wrong type is 415")
  void batchesHaveBounds() throws Exception {
    var large = "{\"events\":[\"%s\"]}".formatted("x".repeat(1_100_000));
    assertThat(here.api(me, "POST", "/internal/click-events/batch", large).statusCode())
        .isEqualTo(413);
    var many = "{\"events\":[%s0]}".formatted("0,".repeat(1_000));
    assertThat(here.api(me, "POST", "/internal/click-events/batch", many).statusCode())
        .isEqualTo(413);
    assertThat(
            here.api(me, "POST", "/internal/click-events/batch", "{}", "Content-Type", "text/plain")
                .statusCode())
        .isEqualTo(415);
    assertThat(
            here.api(me, "POST", "/internal/click-events/batch", "{}", "Content-Encoding", "br")
                .statusCode())
        .isEqualTo(415);
    assertThat(
            here.api(me, "POST", "/internal/click-events/batch", "{}", "Content-Encoding", "gzip")
                .statusCode())
        .isEqualTo(400);
    var allBad = here.api(me, "POST", "/internal/click-events/batch", "{\"events\":[1,{}]}");
    assertThat(allBad.statusCode()).isEqualTo(202);
    assertThat(json(allBad).path("errors").get(1).path("index").intValue()).isEqualTo(1);
  }

  private static WebSocket open(String ticket, Ear ear, String origin) {
    return here.client()
        .newWebSocketBuilder()
        .header("Origin", origin)
        .buildAsync(
            URI.create("ws://127.0.0.1:%d/v1/live?ticket=%s".formatted(here.apiPort, ticket)), ear)
        .join();
  }

  private static String ticket(String key) throws Exception {
    return json(here.api(key, "POST", "/v1/live/tickets", "{}")).path("ticket").textValue();
  }

  private static int status(String ticket, String origin) {
    try {
      open(ticket, new Ear(), origin).abort();
      return 101;
    } catch (CompletionException e) {
      return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
    }
  }

  @Test
  @DisplayName("E9: a live socket says a snapshot, then deltas that add up, numbered without holes")
  void aLiveSocket() throws Exception {
    var code = newLink();
    here.follow(code);
    await(
        () ->
            analytics(code, "bucket=minute&interval=1h")
                    .path("totals")
                    .path("clicks")
                    .path("total")
                    .intValue()
                == 1);
    var ear = new Ear();
    var origin = "http://127.0.0.1:" + here.apiPort;
    var socket = open(ticket(me), ear, origin);
    socket
        .sendText("{\"type\":\"subscribe\",\"id\":1,\"link\":\"%s\"}".formatted(code), true)
        .join();

    var snapshot = ear.next();
    assertThat(snapshot.path("type").textValue()).isEqualTo("snapshot");
    assertThat(snapshot.path("id").intValue()).isEqualTo(1);
    var sum = sum(snapshot.path("links").path(code).path("minutes"));
    assertThat(sum).isEqualTo(1);
    for (var i = 0; i < 5; i++) {
      here.follow(code);
    }
    for (var seq = 2; sum < 6; seq++) {
      var delta = ear.next();
      assertThat(delta.path("type").textValue()).isEqualTo("delta");
      assertThat(delta.path("seq").intValue()).isEqualTo(seq);
      sum += sum(delta.path("links").path(code));
    }
    assertThat(sum).isEqualTo(6);
    socket.abort();
  }

  private static int sum(JsonNode minutes) {
    var sum = 0;
    for (var clicks : minutes) {
      sum += clicks.intValue();
    }
    return sum;
  }

  @Test
  @DisplayName("E9: a ticket opens once, from our page only, and shows its owner's things only")
  void aTicketOpensOnce() throws Exception {
    var origin = "http://127.0.0.1:" + here.apiPort;
    assertThat(status("nonsense", origin)).isEqualTo(401);
    assertThat(status(ticket(me), "https://evil.example")).isEqualTo(403);
    var ticket = ticket(me);
    assertThat(status(ticket, origin)).isEqualTo(101);
    assertThat(status(ticket, origin)).isEqualTo(401);

    var ear = new Ear();
    var socket = open(ticket(newOwner()), ear, origin);
    socket
        .sendText(
            "{\"type\":\"subscribe\",\"id\":\"mine\",\"link\":\"%s\"}".formatted(newLink()), true)
        .join();
    var refusal = ear.next();
    assertThat(refusal.path("code").textValue()).isEqualTo("not_found");
    assertThat(refusal.path("id").textValue()).isEqualTo("mine");
    socket.sendText("{\"type\":\"subscribe\",\"owner\":\"%s\"}".formatted(owner()), true).join();
    assertThat(ear.next().path("code").textValue()).isEqualTo("not_found");
    socket.sendText("nonsense", true).join();
    assertThat(ear.next().path("code").textValue()).isEqualTo("malformed_json");
    socket.abort();
  }

  @Test
  @DisplayName("the page and its assets are served without a key, with a policy")
  void thePage() throws Exception {
    for (var path : new String[] {"/", "/ui/app.js", "/ui/style.css"}) {
      var answer = here.api("", "GET", path, "");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-security-policy")).isPresent();
      var etag = answer.headers().firstValue("etag").orElseThrow();
      assertThat(here.api("", "GET", path, "", "If-None-Match", etag).statusCode()).isEqualTo(304);
    }
    assertThat(here.api("", "GET", "/ui/none.js", "").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("O1: every metric that the dashboard and the alert rules ask for is there")
  void everyMetricIsThere() throws Exception {
    here.follow(newLink());
    var asked = new ArrayList<>(Monitoring.panels());
    Monitoring.rules().forEach(rule -> asked.add(rule.expression()));
    while (!here.management("/metrics").body().contains("events_by_lateness_total{")) {
      Thread.onSpinWait();
    }
    var lines = here.management("/metrics").body();
    for (var expression : asked) {
      assertThat(Monitoring.metrics(expression)).as(expression).isNotEmpty();
      for (var name : Monitoring.metrics(expression)) {
        assertThat(lines).as(name).containsPattern("(?m)^" + name + "[{ ]");
      }
    }
  }

  @Test
  @DisplayName("rule 6: the ledger of a link and of its owner add up")
  void theLedgerAddsUp() throws Exception {
    var code = newLink();
    for (var i = 0; i < 5; i++) {
      assertThat(here.follow(code).statusCode()).isEqualTo(302);
    }
    for (var path : new String[] {"/v1/links/" + code, "/v1/owners/" + owner()}) {
      while (json(here.api(me, "GET", path + "/ledger", "")).path("counted").intValue() < 5) {
        Thread.onSpinWait();
      }
      var ledger = json(here.api(me, "GET", path + "/ledger", ""));
      var sum = 0L;
      for (var part :
          new String[] {"counted", "duplicate", "late", "rejected", "shed", "underWay"}) {
        sum += ledger.path(part).longValue();
      }
      assertThat(ledger.path("received").longValue()).as("%s", ledger).isEqualTo(sum);
      assertThat(ledger.path("filtered").isObject()).isTrue();
    }
    assertThat(here.api(newOwner(), "GET", "/v1/links/" + code + "/ledger", "").statusCode())
        .isEqualTo(404);
  }
}
