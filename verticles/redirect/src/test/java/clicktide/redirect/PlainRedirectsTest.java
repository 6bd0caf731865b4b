package clicktide.redirect;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.buffer.Journal;
import clicktide.bus.ByReference;
import clicktide.count.TestClicks;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.http.HttpPort;
import clicktide.link.Code;
import clicktide.link.Domain;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request after an empty line is not plain, so the server answers it. */
@DisplayName("A1: plain answers are those of the server, and so are their clicks")
@ExtendWith(VertxExtension.class)
class PlainRedirectsTest {
  private static final Instant NOON = Instant.parse("2026-05-03T12:00:00Z");
  private static final String LAST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  private final ManualTime time = new ManualTime(NOON);
  private final MemoryLinks store = new MemoryLinks();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  @TempDir Path folder;
  private LinkMap map;
  private Journal journal;
  private int port;

  @BeforeEach
  void start(Vertx vertx) throws IOException {
    ByReference.register(vertx);
    map = new LinkMap(new LinkSnapshot(folder.resolve("links")), time, 1 << 20);
    store.own(TestClicks.OWNER, Network.parse("203.0.113.0/24").orElseThrow());
    link("abc", Rules.to("https://example.com/abc?utm_source=b"));
    link("moved", Rules.to("https://example.com/m#x").withStatus(308).withQuery(true));
    link("over", Rules.to("https://example.com/o").withEnd(NOON));
    link(Code.on("abc", "go.example"), Rules.to("https://example.com/on"));
    link(Domain.unknownCode("go.example"), Rules.NOWHERE);
    map.follow(vertx, store).await();
    var lane = new Journal.Lane(1, 2, 0);
    journal = Journal.create(folder.resolve("0.journal"), lane, 1 << 16, new Random(1));
    var verticle =
        new RedirectVerticle(
            new HttpPort.PortOptions("127.0.0.1", 0, 10),
            journal,
            map,
            new LinkLookup(map::find, time),
            new ClientAddress(List.of(Network.parse("127.0.0.1").orElseThrow())),
            new RedirectVerticle.Clocks(time, time, time::nanos),
            metrics);
    vertx.deployVerticle(verticle).await();
    port = verticle.port();
  }

  private void link(String code, Rules rules) {
    var draft = new LinkDraft(TestClicks.OWNER, Optional.of(code), rules, Link.Notes.NONE);
    map.put(store.create(draft).await().created().orElseThrow());
  }

  /** The answer to a request before that of a last one, and the clicks without their numbers. */
  private record Outcome(String answer, List<LinkClick> clicks) {}

  private Outcome outcome(String requests) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var out = socket.getOutputStream();
      out.write((requests + LAST).getBytes(StandardCharsets.ISO_8859_1));
      var answer = socket.getInputStream().readAllBytes();
      var clicks = journal.read(99).stream().map(TestClicks::decoded).toList();
      journal.acknowledge(clicks.size());
      return new Outcome(
          new String(answer, StandardCharsets.ISO_8859_1),
          clicks.stream().map(one -> one.withIdentity(new Identity.Own(1, 2, 0, 0))).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /abc HTTP/1.1\nHost: x\n",
        "HEAD /abc HTTP/1.1\nHost: x\nUser-Agent: A/1\nReferer: https://a.example/b?c\n",
        "GET /abc?qr=1&UTM_source=n&utm_term=%C3%A9+b HTTP/1.1\nHost: x:80\nX-Request-Id: 7\n",
        "GET /abc?off=50%&utm_source=x HTTP/1.1\nHost: x\n",
        "GET /moved?qr=1&a=<b>&utm_medium=c;d=e HTTP/1.1\nHost: x\n",
        "GET /abc HTTP/1.1\nHost: x\nX-Forwarded-For: 198.51.100.1, 203.0.113.9\n",
        "GET /abc HTTP/1.1\nHost: x\nX-Forwarded-For: 198.51.100.1\nSec-Purpose: prefetch\n",
        "GET /abc HTTP/1.1\nHost: x\nX-Forwarded-For: 1.1.1.1\nX-Forwarded-For: 2.2.2.2\n",
        "GET /abc HTTP/1.1\nHost: x\nPurpose:  prefetch \nX-Moz:\nAccept: */*\n",
        "GET /abc HTTP/1.1\nHost: x\nUser-Agent: caf\u00e9\n",
        "GET /abc HTTP/1.1\nHost: x\nUser-Agent: a\nUser-Agent: b\n",
        "GET /abc HTTP/1.1\nHost: GO.example.:80\n",
        "GET /none HTTP/1.1\nHost: go.example\n",
        "GET /abc HTTP/1.1\nHost: x\nConnection: keep-alive\n",
        "GET http://x/abc HTTP/1.1\nHost: x\n",
        "GET /abc HTTP/1.0\nHost: x\nConnection: keep-alive\n",
        "GET /abc/ HTTP/1.1\nHost: x\n",
        "GET /none HTTP/1.1\nHost: x\n",
        "GET /over HTTP/1.1\nHost: x\n",
        "GET / HTTP/1.1\nHost: x\n",
        "POST /abc HTTP/1.1\nHost: x\nContent-Length: 0\n",
        "GET /abc HTTP/1.1\nHost: x\nHost: x\n",
        "GET /abc HTTP/1.1\nHost: x\nA: b\n c\n"
      })
  @DisplayName("the same request gets the same answer and the same click on both paths")
  void bothPathsAgree(String lines) throws IOException {
    var request = (lines + "\n").replace("\n", "\r\n");

    assertThat(outcome(request)).isEqualTo(outcome("\r\n" + request));
    assertThat(outcome(request + request)).isEqualTo(outcome("\r\n" + request + request));
  }
}
