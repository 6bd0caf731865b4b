package clicktide.redirect;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.buffer.Journal;
import clicktide.bus.ByReference;
import clicktide.count.AllocatedBytes;
import clicktide.count.CostGuard;
import clicktide.count.TestClicks;
import clicktide.count.ZipfClicks;
import clicktide.event.LinkClick;
import clicktide.http.HttpPort;
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
import io.vertx.core.VertxOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guard on the memory of redirects. The client runs in the thread of the test. */
@DisplayName("G18: the cost of a redirect")
class RedirectCostTest {
  private static final Instant NOON = Instant.parse("2026-05-03T12:00:00Z");
  private static final int LINKS = 1_000;
  private static final int REQUESTS = 5_000;
  private static final int PIPELINED = 5; // fit into one read of the server
  private static final long JOURNAL_BYTES = 16 << 20; // has room for the clicks of all rounds
  private static final CostGuard GUARD = new CostGuard("bytes per redirect", 2_400);

  private final ManualTime time = new ManualTime(NOON);
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<String> blocks = blocks();

  /** Pipelined requests, made before the measurement. */
  private static List<String> blocks() {
    var clicks = new ZipfClicks(LINKS, NOON);
    var blocks = new ArrayList<String>();
    for (var block = 0; block < REQUESTS / PIPELINED; block++) {
      var requests = new StringBuilder();
      for (var i = 0; i < PIPELINED; i++) {
        requests.append(request(clicks.next()));
      }
      blocks.add(requests.toString());
    }
    return blocks;
  }

  private static String request(LinkClick click) {
    var client = click.client();
    return "GET /%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\nReferer: %s\r\nAccept: */*\r\nX-Forwarded-For: %s\r\n\r\n"
        .formatted(
            click.code(), client.host(), client.userAgent(), client.referrer(), client.address());
  }

  @Test
  @DisplayName("a redirect allocates a limited number of bytes on its event loop")
  void bytesPerRedirect(@TempDir Path folder) throws Exception {
    var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), deploy(vertx, folder).port())) {
      var answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      GUARD.check(
          AllocatedBytes.perEvent(eventLoop(vertx), REQUESTS, () -> follow(socket, answers)));
    } finally {
      vertx.close().await();
    }
    assertThat(metrics.counter("redirects").count()).isPositive();
    assertThat(metrics.counter("clicks_dropped", "reason", "journal_full").count()).isZero();
  }

  private RedirectVerticle deploy(Vertx vertx, Path folder) throws IOException {
    ByReference.register(vertx);
    var store = new MemoryLinks();
    var map = new LinkMap(new LinkSnapshot(folder.resolve("links")), time, 16 << 20);
    map.follow(vertx, store).await();
    for (var link = 1; link <= LINKS; link++) {
      var rules = Rules.to("https://shop.example.com/" + link);
      var draft =
          new LinkDraft(TestClicks.OWNER, Optional.of("code" + link), rules, Link.Notes.NONE);
      map.put(store.create(draft).await().created().orElseThrow());
    }
    var lane = new Journal.Lane(1, 2, 0);
    var verticle =
        new RedirectVerticle(
            new HttpPort.PortOptions("127.0.0.1", 0, 10),
            Journal.create(folder.resolve("0.journal"), lane, JOURNAL_BYTES, new Random(1)),
            map,
            new LinkLookup(map::find, time),
            new ClientAddress(List.of(Network.parse("127.0.0.1").orElseThrow())),
            new RedirectVerticle.Clocks(time, time, time::nanos),
            metrics);
    vertx.deployVerticle(verticle).await();
    return verticle;
  }

  /** Returns the id of the only event loop. */
  private static long eventLoop(Vertx vertx) throws Exception {
    var id = new CompletableFuture<Long>();
    vertx.runOnContext(_ -> id.complete(Thread.currentThread().threadId()));
    return id.get();
  }

  private void follow(Socket socket, BufferedReader answers) throws IOException {
    for (var block : blocks) {
      socket.getOutputStream().write(block.getBytes(StandardCharsets.US_ASCII));
      for (var i = 0; i < PIPELINED; i++) {
        var line = answers.readLine();
        assertThat(line).startsWith("HTTP/1.1 302 ");
        while (!line.isEmpty()) { // after the headers; there is no body
          line = answers.readLine();
        }
      }
    }
  }
}
