package clicktide.redirect;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.buffer.Journal;
import clicktide.bus.ByReference;
import clicktide.count.TestClicks;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Via;
import clicktide.event.OwnerId;
import clicktide.event.ShedReport;
import clicktide.event.Subject;
import clicktide.event.TrackingMode;
import clicktide.http.HttpPort;
import clicktide.link.Code;
import clicktide.link.Domain;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.link.Link.State;
import clicktide.link.Link.Tracking;
import clicktide.link.LinkDraft;
import clicktide.net.ClientAddress;
import clicktide.net.Network;
import clicktide.replica.LinkMap;
import clicktide.replica.LinkSnapshot;
import clicktide.store.MemoryLinks;
import clicktide.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A1: following a short link")
@ExtendWith(VertxExtension.class)
class RedirectVerticleTest {
  private static final Instant NOON = Instant.parse("2026-05-03T12:00:00Z");

  private final ManualTime time = new ManualTime(NOON);
  private final MemoryLinks store = new MemoryLinks();
  @TempDir Path folder;
  private LinkMap map;
  private Journal journal;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicLong nanos = new AtomicLong();
  private Vertx vertx;
  private int port;

  @BeforeEach
  void start(Vertx vertx) throws IOException {
    this.vertx = vertx;
    ByReference.register(vertx);
    map = new LinkMap(new LinkSnapshot(folder.resolve("links")), new ManualTime(NOON), 1 << 20);
    map.follow(vertx, store).await();
    journal =
        Journal.create(
            folder.resolve("0.journal"), new Journal.Lane(1, 2, 0), 1_500, new Random(1));
    var place = new HttpPort.PortOptions("127.0.0.1", 0, 10);
    var trusted = new ClientAddress(List.of(Network.parse("127.0.0.1").orElseThrow()));
    var verticle =
        new RedirectVerticle(
            place,
            journal,
            map,
            new LinkLookup(map::find, time),
            trusted,
            new RedirectVerticle.Clocks(time, time, () -> nanos.addAndGet(1_000_000)),
            metrics);
    vertx.deployVerticle(verticle).await();
    port = verticle.port();
  }

  @AfterEach
  void stop() {
    client.close();
  }

  private Link link(String code, int status, State state, Instant starts, Instant expires) {
    var rules =
        new Rules(
            "https://example.com/" + code,
            status,
            state,
            Tracking.FULL,
            Optional.ofNullable(starts),
            Optional.ofNullable(expires),
            false);
    var link = create(new LinkDraft(TestClicks.OWNER, Optional.of(code), rules, Link.Notes.NONE));
    map.put(link);
    return link;
  }

  private Link create(LinkDraft draft) {
    return store.create(draft).await().created().orElseThrow();
  }

  private Link active(String code) {
    return link(code, 302, State.ACTIVE, null, null);
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  @DisplayName("answers at once and leaves the click in the journal, with all that A3 names")
  void leavesTheClickInTheJournal() throws Exception {
    var link = active("abc");

    var answer =
        send(
            "GET",
            "/abc?qr=1&utm_source=news&utm_campaign=spring",
            "User-Agent",
            "Agent/1",
            "Referer",
            "https://example.org/page?who=me#x",
            "X-Forwarded-For",
            "203.0.113.9",
            "X-Request-Id",
            "r-1",
            "Sec-Purpose",
            "prefetch;prerender");

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("location")).contains("https://example.com/abc");
    assertThat(answer.headers().firstValue("cache-control")).contains("private, no-store");
    var click = TestClicks.decoded(journal.read(9).getFirst());
    assertThat(click)
        .isEqualTo(
            new LinkClick(
                new Identity.Own(1, 2, 0, 0),
                link.subject(),
                "abc",
                NOON,
                NOON,
                "r-1",
                new LinkClick.Target(302, "example.com"),
                Via.QR,
                new LinkClick.Client(
                    "203.0.113.9",
                    "Agent/1",
                    "https://example.org/page",
                    "127.0.0.1:" + port,
                    false,
                    true),
                new LinkClick.Campaign("news", "", "spring", "", ""),
                TrackingMode.FULL));
  }

  @ParameterizedTest
  @CsvSource({"FULL, FULL", "COUNTS, COUNTS_ONLY", "OFF, TRACKING_OFF"})
  @DisplayName("C11: keeps of a click what the link's tracking needs, and redirects all the same")
  void keepsWhatTrackingNeeds(Tracking tracking, TrackingMode handling) throws Exception {
    var link = active("abc");
    var old = link.rules();
    var rules =
        new Rules(
            old.destination(),
            old.status(),
            old.state(),
            tracking,
            old.startsAt(),
            old.expiresAt(),
            old.forwardsQuery());
    map.put(store.change(link, rules, link.notes()).await().changed().orElseThrow());

    var answer =
        send(
            "GET", "/abc?utm_source=news", "User-Agent", "Agent/1", "Referer", "http://a.example/");

    assertThat(answer.statusCode()).isEqualTo(302);
    var click = TestClicks.decoded(journal.read(9).getFirst());
    assertThat(click.mode()).isEqualTo(handling);
    assertThat(click.client().address().isEmpty()).isEqualTo(tracking != Tracking.FULL);
    assertThat(click.client().userAgent().isEmpty()).isEqualTo(tracking == Tracking.OFF);
    assertThat(click.campaign().source()).isEqualTo(tracking == Tracking.FULL ? "news" : "");
  }

  @Test
  @DisplayName("C11: a click from a network of the owner is marked, another one is not")
  void marksOwnTraffic() throws Exception {
    active("abc");
    store.own(TestClicks.OWNER, Network.parse("203.0.113.0/24").orElseThrow());
    map.follow(vertx, store).await();

    send("GET", "/abc", "X-Forwarded-For", "203.0.113.9");
    send("GET", "/abc", "X-Forwarded-For", "198.51.100.9");

    assertThat(journal.read(9).stream().map(click -> TestClicks.decoded(click).mode()))
        .containsExactly(TrackingMode.OWN_TRAFFIC, TrackingMode.FULL);
  }

  @ParameterizedTest
  @CsvSource({"301", "302", "307", "308"})
  @DisplayName("uses the status that the link has, to HEAD as well")
  void usesTheStatusOfTheLink(int status) throws Exception {
    link("abc", status, State.ACTIVE, NOON, NOON.plusSeconds(1));

    assertThat(send("GET", "/abc").statusCode()).isEqualTo(status);
    assertThat(send("HEAD", "/abc").statusCode()).isEqualTo(status);
    assertThat(journal.read(9))
        .extracting(click -> TestClicks.decoded(click).client().head())
        .containsExactly(false, true);
  }

  @Test
  @DisplayName(
      "is 410 for what is over and 404 for what is not there or has not begun; none is a click")
  void sortsOutWhatIsNotThere() throws Exception {
    link("off", 302, State.DISABLED, null, null);
    link("gone", 302, State.DELETED, null, null);
    link("over", 302, State.ACTIVE, null, NOON);
    link("soon", 302, State.ACTIVE, NOON.plusSeconds(1), null);

    assertThat(send("GET", "/off").statusCode()).isEqualTo(410);
    assertThat(send("GET", "/gone").statusCode()).isEqualTo(410);
    assertThat(send("GET", "/over").statusCode()).isEqualTo(410);
    assertThat(send("GET", "/soon").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/nobody").statusCode()).isEqualTo(404);
    assertThat(send("HEAD", "/nobody").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/a%2Fb").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/a/b").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/").statusCode()).isEqualTo(200);
    assertThat(send("POST", "/off").statusCode()).isEqualTo(405);
    assertThat(journal.read(9)).isEmpty();
  }

  @Test
  @DisplayName("O1: every answer is counted by its status, with the time that it took")
  void countsAnswersByStatus() throws Exception {
    link("abc", 301, State.ACTIVE, null, null);
    link("over", 302, State.ACTIVE, null, NOON);
    for (var path : List.of("/abc", "/abc", "/over", "/nobody")) {
      send("GET", path);
    }

    eventually("every answer is timed").until(() -> answers("404") == 1);
    assertThat(answers("301")).isEqualTo(2);
    assertThat(answers("410")).isEqualTo(1);
    assertThat(answers("302")).as("exists before the first one").isZero();
    var time = metrics.get("redirect_answer").tag("status", "301").timer();
    assertThat(time.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(2);
  }

  private long answers(String status) {
    return metrics.get("redirect_answer").tag("status", status).timer().count();
  }

  @Test
  @DisplayName("a query that does not decode does not keep anybody from the destination")
  void aQueryThatDoesNotDecode() throws IOException {
    active("abc");
    assertThat(raw("x", "/abc?off=50%&utm_source=x")).startsWith("HTTP/1.1 302");
    assertThat(journal.read(9)).hasSize(1);
  }

  /** For hosts that a client would not send, and URIs that it would not write. */
  private String raw(String host, String path) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var request =
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  @DisplayName(
      "A7: a domain has links of its own and of its owner; who else is asked for is counted")
  void domains() throws Exception {
    active("abc");
    var here = active(Code.on("abc", "go.example"));
    active("shared");
    var foreign =
        new LinkDraft(
            new OwnerId(1), Optional.of("foreign"), Rules.to("https://x.org/"), Link.Notes.NONE);
    map.put(create(foreign));
    var unknown = nowhere(Domain.unknownCode("go.example"));
    var front = nowhere(Domain.frontCode("go.example"));

    assertThat(raw("go.example:8080", "/abc")).contains("location: https://example.com/abc@go");
    assertThat(raw("other.example", "/abc")).contains("location: https://example.com/abc\r\n");
    assertThat(raw("GO.example", "/shared")).contains("location: https://example.com/shared\r\n");
    assertThat(raw("go.example", "/foreign")).startsWith("HTTP/1.1 404");
    assertThat(raw("go.example", "/no-such")).startsWith("HTTP/1.1 404");
    assertThat(raw("go.example", "/no/such")).startsWith("HTTP/1.1 404");
    assertThat(raw("go.example", "/")).startsWith("HTTP/1.1 404");
    assertThat(raw("a%41b", "/abc")).contains("location: https://example.com/abc\r\n");
    var target = Rules.to("https://example.com/sorry");
    map.put(store.change(unknown, target, Link.Notes.NONE).await().changed().orElseThrow());
    assertThat(raw("go.example", "/no-such")).contains("location: https://example.com/sorry\r\n");

    var clicks = journal.read(99).stream().map(TestClicks::decoded).toList();
    assertThat(clicks)
        .extracting(LinkClick::code)
        .containsExactly(
            "abc@go.example",
            "abc",
            "shared",
            "foreign@go.example",
            "no-such@go.example",
            "@go.example",
            "abc",
            "no-such@go.example");
    assertThat(clicks.getFirst().subject()).isEqualTo(here.subject());
    assertThat(clicks.get(4).subject())
        .isEqualTo(new Subject.Link(unknown.id(), TestClicks.OWNER.outsideTotals(), 1));
    assertThat(clicks.get(5).subject())
        .isEqualTo(new Subject.Link(front.id(), TestClicks.OWNER.outsideTotals(), 1));
    assertThat(clicks.get(4).target()).isEqualTo(new LinkClick.Target(404, ""));
    assertThat(metrics.counter("redirects").count()).isEqualTo(5);
  }

  @Test
  @DisplayName("links without room in memory are followed from the store, also on a domain")
  void linksWithoutRoomAreFollowed() throws Exception {
    nowhere(Domain.unknownCode("go.example"));
    nowhere(Domain.frontCode("go.example"));
    for (var number = 0; !map.isPartial(); number++) {
      active("filling" + number + "@" + "x".repeat(250));
    }
    active("here");
    active(Code.on("there", "go.example"));
    var rules = Rules.to("https://x.org/");
    create(new LinkDraft(new OwnerId(1), Optional.of("foreign"), rules, Link.Notes.NONE));

    assertThat(map.get("here")).isEmpty();
    assertThat(raw("other.example", "/here")).contains("location: https://example.com/here\r\n");
    assertThat(raw("go.example", "/here")).contains("location: https://example.com/here\r\n");
    assertThat(raw("go.example", "/there")).contains("location: https://example.com/there@go");
    assertThat(raw("go.example", "/foreign")).startsWith("HTTP/1.1 404");
    assertThat(raw("go.example", "/")).startsWith("HTTP/1.1 404");
    store.goAway();
    assertThat(raw("other.example", "/here")).startsWith("HTTP/1.1 503");
  }

  private Link nowhere(String code) {
    var draft = new LinkDraft(TestClicks.OWNER, Optional.of(code), Rules.NOWHERE, Link.Notes.NONE);
    var link = create(draft);
    map.put(link);
    return link;
  }

  @Test
  @DisplayName("A5: a code that is not in the map is asked of the store")
  void asksTheStore() throws Exception {
    var rules = Rules.to("https://example.com/");
    store
        .create(new LinkDraft(TestClicks.OWNER, Optional.of("fresh"), rules, Link.Notes.NONE))
        .await();

    assertThat(send("GET", "/fresh").statusCode()).isEqualTo(302);
  }

  @Test
  @DisplayName("G13: without the store known links redirect, and unknown ones are 503, not 404")
  void goesOnWithoutTheStore() throws Exception {
    active("abc");
    store.goAway();

    assertThat(send("GET", "/abc").statusCode()).isEqualTo(302);
    var unknown = send("GET", "/nobody");
    assertThat(unknown.statusCode()).isEqualTo(503);
    assertThat(unknown.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  @DisplayName("A4: a full journal sheds the click, counts it, and the answer is the same")
  void aFullJournalShedsTheClick() throws Exception {
    active("abc");

    for (var i = 0; i < 20; i++) {
      assertThat(send("GET", "/abc").statusCode()).isEqualTo(302);
    }

    var kept = journal.read(99).size();
    assertThat(kept).isBetween(5, 19);
    assertThat(journal.shedCounts().unreported())
        .extracting(ShedReport::clicks)
        .containsExactly(20L - kept);
    assertThat(metrics.counter("clicks_dropped", "reason", "journal_full").count())
        .isEqualTo(20 - kept);
    assertThat(metrics.counter("redirects").count()).isEqualTo(20);
  }

  @Test
  @DisplayName("guessing codes is limited by network, for ten seconds")
  void guessingIsLimited() throws Exception {
    active("abc");
    var statuses = new TreeSet<Integer>();
    for (var i = 0; i < 70; i++) {
      statuses.add(send("GET", "/guess" + i, "X-Forwarded-For", "203.0.113." + i).statusCode());
    }

    assertThat(statuses).containsExactly(404, 429);
    assertThat(send("GET", "/other", "X-Forwarded-For", "198.51.100.1").statusCode())
        .isEqualTo(404);
    assertThat(send("GET", "/abc", "X-Forwarded-For", "203.0.113.1").statusCode()).isEqualTo(302);

    time.advance(Duration.ofSeconds(10));
    assertThat(send("GET", "/other", "X-Forwarded-For", "203.0.113.1").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("every page has its status, headers and text, and nothing of the request")
  void pages() throws Exception {
    link("off", 302, State.DISABLED, null, null);

    assertThat(raw("x", "/"))
        .isEqualTo(page("200 OK", "", "Clicktide", "Clicktide serves short links on this host."));
    assertThat(raw("x", "/nobody"))
        .isEqualTo(page("404 Not Found", "", "Not found", "The short link does not exist."));
    assertThat(raw("x", "/off"))
        .isEqualTo(page("410 Gone", "", "Gone", "The short link is no longer active."));
    store.goAway();
    assertThat(raw("x", "/other"))
        .isEqualTo(
            page(
                "503 Service Unavailable",
                "Retry-After: 1\r\n",
                "Service unavailable",
                "The short link cannot be looked up. Retry in a second."));
  }

  private static String page(String status, String header, String title, String text) {
    var body =
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>%s</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;margin:20vh auto 0;max-width:30rem;padding:0 1rem;color:#222}
        h1{font-size:1.4rem}</style></head>
        <body><h1>%s</h1><p>%s</p></body></html>
        """
            .formatted(title, title, text);
    return """
    HTTP/1.1 %s
    Content-Type: text/html; charset=utf-8
    Cache-Control: no-store
    X-Content-Type-Options: nosniff
    Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'
    """
            .formatted(status)
            .replace("\n", "\r\n")
        + header
        + "connection: close\r\ncontent-length: %d\r\n\r\n".formatted(body.length())
        + body;
  }
}
