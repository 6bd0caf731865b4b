package clicktide.query;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.bus.ByReference;
import clicktide.event.OwnerId;
import clicktide.http.Access;
import clicktide.http.Api;
import clicktide.http.Contract;
import clicktide.http.HttpPort;
import clicktide.http.NoOwners;
import clicktide.http.RateLimits;
import clicktide.http.SharedWindows;
import clicktide.net.ClientAddress;
import clicktide.replica.LinkMap;
import clicktide.replica.LinkSnapshot;
import clicktide.store.Tickets;
import clicktide.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("G18: live sockets of clients that do not read or that flood the server")
@ExtendWith(VertxExtension.class)
@Timeout(120)
class LiveSocketsTest {
  private static final byte[] NOTHING = {};
  private static final byte[] KIBIBYTES_16 = new byte[16_384];

  private final ManualTime time = new ManualTime(Instant.parse("2026-05-03T12:00:00Z"));
  private final AnyTicket tickets = new AnyTicket();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private int port;

  /** Every ticket is that of the holder. */
  private static final class AnyTicket implements Tickets {
    private volatile String holder = "administrator";

    @Override
    public Future<Void> keep(String hash, String holder, Duration life) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Optional<String>> take(String hash) {
      return Future.succeededFuture(Optional.of(holder));
    }
  }

  /** Each key is valid. */
  private static final class ValidKeys extends NoOwners {
    @Override
    public Future<Optional<Key>> key(String prefix) {
      var terms = new Terms("any", Set.of(), Optional.empty());
      return Future.succeededFuture(Optional.of(new Key(prefix, "", new OwnerId(1), terms)));
    }
  }

  @BeforeEach
  void listen(Vertx vertx, @TempDir Path folder) {
    ByReference.register(vertx);
    var router = Router.router(vertx);
    var access = new Access(new NoOwners(), "key", time);
    var api =
        new Api(
            router,
            access,
            new RateLimits(0, new SharedWindows(Optional.empty(), time)),
            new ClientAddress(List.of()),
            Contract.load(),
            new Random(1));
    var hub = new LiveHub(vertx, new EmptyLiveCounts(), time);
    var links = new LinkMap(new LinkSnapshot(folder.resolve("links")), time, 1 << 20);
    var liveTickets = new LiveTickets(tickets, new ValidKeys(), time, new Random(1));
    var parts = new LiveSession.SessionParts(vertx, hub, links, liveTickets, time);
    var sockets = new LiveSockets(api.responses(), parts, metrics);
    router.get("/v1/live").handler(sockets::open);
    var options = new HttpPort.PortOptions("127.0.0.1", 0, 0);
    port = HttpPort.listen(vertx, options, router).await().actualPort();
  }

  private RawSocket open() throws IOException {
    var socket = new RawSocket(port);
    assertThat(socket.status()).isEqualTo(101);
    return socket;
  }

  @Test
  @DisplayName("O1: open sockets are counted until they close")
  void openSocketsAreCounted() throws IOException {
    var open = metrics.get("live_sockets_open").gauge();
    assertThat(open.value()).isZero();
    try (var _ = open()) {
      assertThat(open.value()).isEqualTo(1);
    }
    eventually("the end of the socket is counted").until(() -> open.value() == 0);
  }

  /** Opens a socket, keeps it open, and returns the status of the handshake. */
  private int open(OwnerId owner, String key, List<RawSocket> kept) throws IOException {
    tickets.holder = owner + " " + key;
    kept.add(new RawSocket(port));
    return kept.getLast().status();
  }

  @Test
  @DisplayName("an owner has at most 100 sockets, and a key at most 20")
  void shares() throws IOException {
    var ada = new OwnerId(1);
    var kept = new ArrayList<RawSocket>();
    for (var key = 0; key < 5; key++) {
      for (var i = 0; i < 20; i++) {
        assertThat(open(ada, "key" + key, kept)).isEqualTo(101);
      }
      assertThat(open(ada, "key" + key, kept)).isEqualTo(429);
    }
    assertThat(open(ada, "another", kept)).isEqualTo(429);
    assertThat(open(new OwnerId(2), "another", kept)).isEqualTo(101);
    kept.getFirst().close();
    eventually("the place of the closed socket is free")
        .until(() -> open(ada, "another", kept) == 101);
    for (var socket : kept) {
      socket.close();
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("more than 100 pings in 10 s close the socket with 1008")
  void pings() throws IOException {
    try (var socket = open()) {
      for (var i = 0; i <= 100; i++) {
        socket.send(RawSocket.PING, NOTHING);
      }
      assertThat(socket.closeCode()).isEqualTo(1008);
    }
  }

  @Test
  @DisplayName("100 pings in 10 s are answered")
  void fewPings() throws IOException {
    try (var socket = open()) {
      for (var round = 0; round < 3; round++) {
        for (var i = 0; i < 100; i++) {
          socket.send(RawSocket.PING, text("ping"));
        }
        for (var i = 0; i < 100; i++) {
          assertThat(socket.next().payload()).isEqualTo(text("ping"));
        }
        time.advance(Duration.ofSeconds(10));
      }
      socket.send(RawSocket.TEXT, text("nonsense"));
      assertThat(socket.next().opcode()).isEqualTo(RawSocket.TEXT);
    }
  }

  @Test
  @DisplayName("a message above 64 KiB closes the socket with 1009, whatever its fragments are")
  void largeMessages() throws IOException {
    for (var first : new byte[][] {NOTHING, KIBIBYTES_16}) {
      try (var socket = open()) {
        socket.send(RawSocket.TEXT, false, first);
        for (var i = 0; i < 5; i++) {
          socket.send(RawSocket.CONTINUATION, false, KIBIBYTES_16);
        }
        assertThat(socket.closeCode()).isEqualTo(1009);
      }
    }
  }

  @Test
  @DisplayName("more than 100 fragments in 10 s close the socket with 1008")
  void fragments() throws IOException {
    try (var socket = open()) {
      socket.send(RawSocket.TEXT, false, text("{"));
      for (var i = 0; i < 100; i++) {
        socket.send(RawSocket.CONTINUATION, false, NOTHING);
      }
      assertThat(socket.closeCode()).isEqualTo(1008);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {RawSocket.TEXT, RawSocket.PING})
  @DisplayName("a client that does not read is not read from, and its socket is closed after 10 s")
  void noReader(int opcode) throws IOException {
    var most = 50_000_000L;
    var sent = new AtomicLong();
    var message = text("{\"type\":\"x\",\"id\":\"%s\"}".formatted("x".repeat(16_000)));
    var payload = opcode == RawSocket.TEXT ? message : new byte[125];
    try (var socket = open()) {
      var writer =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (sent.addAndGet(payload.length) < most) {
                    socket.send(opcode, payload);
                  }
                } catch (IOException _) {
                  // the server has closed the connection
                }
              });
      eventually("the connection is closed")
          .until(
              () -> {
                time.advance(Duration.ofSeconds(1));
                return writer.isDone();
              });
    }
    assertThat(sent).hasValueLessThan(most);
  }
}
