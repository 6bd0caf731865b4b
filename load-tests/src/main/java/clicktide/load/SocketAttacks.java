package clicktide.load;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attacks with connections and live sockets. */
final class SocketAttacks {
  private static final int PINGS = 4_000_000;
  private static final int FRAGMENTS = 4_000;
  private static final int PER_KEY = 20;
  private static final int PER_OWNER = 100;
  private static final int PER_ADDRESS = 512;

  private SocketAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack("H2", "a live socket that pings and does not read", SocketAttacks::pings),
        new Attack("H2", "a live socket with an endless message", SocketAttacks::fragments),
        new Attack("M1", "600 connections to each port from one address", SocketAttacks::address),
        new Attack("M1", "1,000 connections to the API from loopback", SocketAttacks::apiPort),
        new Attack("M2", "25 live sockets with each of 6 keys", SocketAttacks::sockets));
  }

  /** The bytes of many masked frames of the same kind (RFC 6455, section 5.2). */
  private static byte[] frames(int first, int payload, int count) {
    var size = payload < 126 ? 6 + payload : 8 + payload;
    var frames = new byte[size * count];
    for (var at = 0; at < frames.length; at += size) {
      frames[at] = (byte) first;
      frames[at + 1] = (byte) (0x80 | Math.min(payload, 126));
      if (payload >= 126) {
        frames[at + 2] = (byte) (payload >> 8);
        frames[at + 3] = (byte) payload;
      }
    }
    return frames;
  }

  private static RawConnection open(Target target, Target.Owner owner, Seen seen)
      throws IOException, InterruptedException {
    var ticket = owner.product().post("/v1/live/tickets", Map.of()).path("ticket").textValue();
    var socket = new RawConnection(Target.ATTACKER, target.apiPort);
    var upgrade =
        String.join(
            "\r\n",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");
    seen.status(socket.write(Target.get("/v1/live?ticket=" + ticket, upgrade)).read().status());
    return socket;
  }

  private static void pings(Target target, Seen seen) throws Exception {
    send(target, frames(0x89, 0, 10_000), PINGS / 10_000, seen);
  }

  /** The first frame begins a text, and no frame ends it. */
  private static void fragments(Target target, Seen seen) throws Exception {
    send(target, frames(0x00, 60_000, 1), FRAGMENTS, seen);
  }

  private static void send(Target target, byte[] frames, int times, Seen seen) throws Exception {
    try (var socket = open(target, target.owner(), seen)) {
      var end = System.nanoTime() + 12_000_000_000L;
      try {
        socket.write(frames(0x01, 10, 1));
        for (var i = 0; i < times && System.nanoTime() < end; i++) {
          socket.write(frames);
          seen.count("writes");
        }
      } catch (IOException _) {
        seen.count("closed");
        return;
      }
      seen.require(socket.isClosedWithin(12_000), "the socket stays open");
    }
  }

  /** Loopback addresses are exempt from the limit, so another address of the host is used. */
  private static Optional<String> otherAddress() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .map(address -> address.getHostAddress())
        .findFirst();
  }

  private static void address(Target target, Seen seen) throws Exception {
    var address = otherAddress();
    seen.require(address.isPresent(), "the host has no IPv4 address other than loopback");
    for (var port : List.of(target.linkPort, target.apiPort, target.managementPort)) {
      var open = hold(address.orElseThrow(), port, 600, seen);
      seen.require(open <= PER_ADDRESS, "one address has %d connections".formatted(open));
    }
  }

  private static void apiPort(Target target, Seen seen) throws Exception {
    var open = hold(Target.ATTACKER, target.apiPort, 1_000, seen);
    seen.require(open < 1_000, "the connections of the API are not limited");
  }

  /** Holds connections for a moment and returns how many of them the port left open. */
  private static int hold(String source, int port, int count, Seen seen) throws IOException {
    var connections = new ArrayList<RawConnection>();
    try {
      for (var i = 0; i < count; i++) {
        connections.add(new RawConnection(source, port));
      }
      var open = 0;
      for (var connection : connections) {
        var isClosed = connection.isClosedWithin(5);
        seen.count(isClosed ? "closed" : "open");
        open += isClosed ? 0 : 1;
      }
      return open;
    } finally {
      for (var connection : connections) {
        connection.close();
      }
    }
  }

  private static void sockets(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var sockets = new ArrayList<RawConnection>();
    try {
      for (var key = 0; key < 6; key++) {
        var path = "/v1/owners/%s/keys".formatted(owner.id());
        var created = owner.product().post(path, Map.of("name", "key " + key));
        var apiKey = created.path("apiKey").textValue();
        var other =
            new Target.Owner(
                owner.id(), apiKey, new Product(target.linkPort, target.apiPort, apiKey));
        var before = seen.of("101");
        for (var i = 0; i < 25; i++) {
          sockets.add(open(target, other, seen));
        }
        seen.require(seen.of("101") - before <= PER_KEY, "a key has more than 20 sockets");
      }
      seen.require(seen.of("101") <= PER_OWNER, "an owner has more than 100 sockets");
      seen.require(seen.of("429") > 0, "sockets are not limited");
      var before = seen.of("101");
      sockets.add(open(target, target.owner(), seen));
      seen.require(seen.of("101") == before + 1, "another owner gets no socket");
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }
}
