package clicktide.load;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Attacks with calls of the API that cost memory, connections or processor time. */
final class QuestionAttacks {
  private static final int CALLS = 31; // under the limit of concurrent calls of an owner

  private QuestionAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "C2", "public statistics of 1,500 minutes, each range new", QuestionAttacks::ranges),
        new Attack("H3", "visitors by three dimensions, 12 at once", QuestionAttacks::combinations),
        new Attack("H7", "searches in 5,000 links, 31 at once", QuestionAttacks::searches),
        new Attack("M3", "QR codes of 2,048 pixels, 31 at once", QuestionAttacks::pictures),
        new Attack("M3", "passwords of public statistics, 31 at once", QuestionAttacks::passwords),
        new Attack("M4", "12,000 calls without a key", QuestionAttacks::strangers),
        new Attack("M5", "batches of 1,000 events, 8 at once", QuestionAttacks::events));
  }

  private static void ranges(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var link = owner.link();
    publish(target, owner, link, "{}", seen);
    var day = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(20));
    target.flood(
        new Target.Flood(target.apiPort, 16, 8, 8_000, Duration.ofSeconds(15)),
        i -> {
          var from = day.plusSeconds(60L * i);
          var to = from.plus(Duration.ofHours(25));
          var path = "/v1/public/links/%s/analytics?bucket=minute&from=%s&to=%s";
          return Target.get(path.formatted(link, from, to), "");
        },
        seen);
    seen.require(seen.of("200") > 0, "no range was answered");
  }

  private static void publish(
      Target target, Target.Owner owner, String link, String json, Seen seen) throws Exception {
    var path = "/v1/links/%s/public-stats".formatted(link);
    var status = target.call(owner.key(), "PUT", path, json).status();
    seen.require(status == 200, "publishing was answered with " + status);
  }

  private static void combinations(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var link = owner.link();
    var clicks = new Seen();
    target.flood(
        target.visits(20_000),
        i -> {
          var query = "/%s?utm_source=s%d&utm_medium=m%d&utm_campaign=c%d";
          return Target.get(query.formatted(link, i % 900, i % 899, i % 898), "");
        },
        clicks);
    var path = "/v1/links/%s/analytics?bucket=minute&interval=1h&metrics=uniqueVisitors";
    var question = path.formatted(link) + "&dimensions=source,medium,campaign";
    target.flood(target.calls(12, 600), _ -> Target.get(question, owner.bearer()), seen);
    seen.require(seen.of("429") + seen.of("503") > 0, "12 questions at once are not limited");
  }

  private static void searches(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    ImportAttacks.fill(target, owner, 10, 500, "https://example.com/", new Seen());
    target.flood(
        target.calls(CALLS, 2_000),
        i -> Target.get("/v1/links?limit=100&q=zz%d".formatted(i), owner.bearer()),
        seen);
    seen.require(seen.of("200") > 0, "no search was answered");
  }

  private static void pictures(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var link = owner.link();
    var path = "/v1/links/%s/qr?format=png&size=%d";
    target.flood(
        target.calls(CALLS, 1_000),
        i -> Target.get(path.formatted(link, 2_048 - i), owner.bearer()),
        seen);
    seen.require(seen.of("200") > 0, "no picture was answered");
  }

  private static void passwords(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var path = "/v1/links/%s/public-stats".formatted(owner.link());
    var headers = owner.bearer() + "Content-Type: application/json\r\n";
    var body = "{\"password\":\"spring tide 7\"}".getBytes(StandardCharsets.US_ASCII);
    target.flood(target.calls(CALLS, 1_000), _ -> Target.request("PUT", path, headers, body), seen);
    seen.require(seen.of("200") > 0, "no password was set");
  }

  /** One network must not use up the limit of another one. */
  private static void strangers(Target target, Seen seen) throws Exception {
    var call = Target.get("/v1/public/links/nope/analytics", "");
    target.flood(target.calls(8, 12_000), _ -> call, seen);
    var answered = seen.of("404"); // two minutes at most
    seen.require(answered <= 2L * Attacks.CALLS_A_MINUTE, "%d were answered".formatted(answered));
    try (var other = new RawConnection(Target.network(9), target.apiPort)) {
      var status = other.write(call).read().status();
      seen.require(status == 404, "another network was answered with " + status);
    }
  }

  private static void events(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var link = owner.link();
    var headers = owner.bearer() + "Content-Type: application/json\r\n";
    target.flood(
        target.calls(8, 400),
        i -> Target.request("POST", "/internal/click-events/batch", headers, batch(link, i)),
        seen);
    var accepted = seen.of("202") * 1_000;
    seen.require(accepted <= 2L * Attacks.EVENTS_A_MINUTE, "%d were accepted".formatted(accepted));
  }

  private static byte[] batch(String link, int number) {
    var events = new StringBuilder("{\"events\":[");
    for (var i = 0; i < 1_000; i++) {
      events
          .append(i == 0 ? "" : ",")
          .append(
              "{\"eventId\":\"e-%d-%d\",\"shortCode\":\"%s\",\"eventTime\":\"%s\",\"ip\":\"203.0.113.9\"}"
                  .formatted(number, i, link, Instant.now()));
    }
    return events.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
  }
}
