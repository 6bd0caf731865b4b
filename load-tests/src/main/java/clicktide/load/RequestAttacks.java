package clicktide.load;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Attacks with the form of requests: framing, slow bytes and malformed lines. */
final class RequestAttacks {
  private static final int SLOW_SECONDS = 14; // above the deadline of 10 s for headers and bodies
  private static final int REPEATS = 20;

  /** The headers and bodies of requests that readers could understand differently. */
  private static final List<String> REFUSED =
      List.of(
          "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
          "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
          "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
          "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
          "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
          "Transfer-Encoding: chunked\r\n\r\n3 x\r\nabc\r\n0\r\n\r\n",
          "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
          "Transfer-Encoding: chunked\r\n\r\nffffffff\r\nabc\r\n0\r\n\r\n",
          "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
          "Content-Length: +5\r\n\r\nabcde",
          "Content-Length: 5, 5\r\n\r\nabcde",
          "Content-Length: %s5\r\n\r\nabcde".formatted("0".repeat(70)),
          "X-Folded: a\r\n b\r\n\r\n",
          ": without a name\r\n\r\n");

  /** Headers whose names begin like those that decide where a body ends. */
  private static final List<String> LOOK_ALIKE =
      List.of(
          "Transfer-Encoding-X: 1\r\n\r\n",
          "Transfer-Encoding-X: chunked\r\n\r\nfffff\r\n",
          "Content-Length-X: 50\r\n\r\n",
          "Sec-WebSocket-Key1: 1\r\n\r\n");

  private static final List<String> HARMLESS =
      List.of("X-Content-Length: 50\r\n\r\n", "X-Transfer-Encoding: chunked\r\n\r\n");

  private RequestAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack("H5", "headers like those of the framing", RequestAttacks::lookAlike),
        new Attack("H5", "15 kinds of ambiguous framing", RequestAttacks::ambiguous),
        new Attack("L10", "malformed request lines and hosts", RequestAttacks::lenient),
        new Attack("H6", "304 bodies and 50 headers of 1 byte/s", RequestAttacks::slow),
        new Attack("H6", "32 bodies without a key", RequestAttacks::bodiesOfStrangers),
        new Attack("L4", "500 malformed requests that could fill the log", RequestAttacks::log));
  }

  private static String get(String link, String rest) {
    return "GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s".formatted(link, rest);
  }

  /** A look-alike ends its connection. After another header, the framing is still inspected. */
  private static void lookAlike(Target target, Seen seen) throws Exception {
    var link = target.owner().link();
    for (var i = 0; i < REPEATS; i++) {
      for (var rest : LOOK_ALIKE) {
        refused(target.linkPort, get(link, rest) + get(link, "\r\n"), seen);
      }
      for (var rest : HARMLESS) {
        try (var connection = new RawConnection(Target.ATTACKER, target.linkPort)) {
          var first = connection.write(get(link, rest)).read().status();
          var second = connection.write(get(link, "\r\n")).read().status();
          var third = connection.write(get(link, REFUSED.getFirst())).read().status();
          List.of(first, second, third).forEach(seen::status);
          seen.require(
              first == 302 && second == 302 && third >= 400,
              "%d, %d, %d after `%s`".formatted(first, second, third, rest.strip()));
        }
      }
    }
  }

  /** The request in the body must not be answered, and the connection is closed. */
  private static void ambiguous(Target target, Seen seen) throws Exception {
    var link = target.owner().link();
    for (var rest : REFUSED) {
      for (var port : List.of(target.linkPort, target.apiPort)) {
        refused(port, get(link, rest) + get(link, "\r\n"), seen);
      }
    }
  }

  private static void refused(int port, String bytes, Seen seen) throws IOException {
    try (var connection = new RawConnection(Target.ATTACKER, port)) {
      var statuses = connection.write(bytes).statuses();
      var isRefused = statuses.equals(List.of(400)) || statuses.equals(List.of(501));
      seen.count(isRefused ? "refused" : statuses.toString());
      seen.require(
          isRefused,
          "%s for `%s`".formatted(statuses, bytes.lines().skip(2).findFirst().orElse("")));
    }
  }

  private static void lenient(Target target, Seen seen) throws Exception {
    var link = target.owner().link();
    for (var head :
        List.of(
            "GET  /%s HTTP/1.1\r\nHost: a.example\r\n\r\n",
            "GET /%s  HTTP/1.1\r\nHost: a.example\r\n\r\n",
            "GET /%s HTTP/1.1\r\nHost: a@b:99999\r\n\r\n",
            "GET /%s HTTP/1.1\r\nHost: \u00e4.example\r\n\r\n",
            "GET /%s HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n",
            "GET /%s\u0001 HTTP/1.1\r\nHost: a.example\r\n\r\n")) {
      try (var connection = new RawConnection(Target.ATTACKER, target.linkPort)) {
        var status = connection.write(head.formatted(link)).read().status();
        seen.status(status);
        seen.require(status == 400, "%d for `%s`".formatted(status, head.lines().toList()));
      }
    }
  }

  private static void slow(Target target, Seen seen) throws Exception {
    var connections = new ArrayList<RawConnection>();
    try {
      for (var owner = 0; owner < 10; owner++) {
        var headers = target.owner().bearer() + "Content-Type: application/json\r\n";
        var isCollector = owner < 2;
        var path = isCollector ? "/internal/click-events/batch" : "/v1/links";
        for (var i = 0; i < (isCollector ? 24 : 32); i++) {
          connections.add(
              new RawConnection(Target.ATTACKER, target.apiPort)
                  .write(
                      "POST %s HTTP/1.1\r\nHost: a.example\r\n%sContent-Length: 1000000\r\n\r\n"
                          .formatted(path, headers)));
        }
      }
      for (var i = 0; i < 50; i++) {
        var port = i % 2 == 0 ? target.linkPort : target.apiPort;
        connections.add(
            new RawConnection(Target.ATTACKER, port).write("GET /v1/me HTTP/1.1\r\nA: "));
      }
      for (var second = 0; second < SLOW_SECONDS; second++) {
        connections.forEach(RequestAttacks::dribble);
        TimeUnit.SECONDS.sleep(1);
      }
      for (var connection : connections) {
        seen.count(connection.isClosedWithin(1_000) ? "closed" : "open");
      }
      seen.require(seen.of("open") == 0, "%d connections stay open".formatted(seen.of("open")));
    } finally {
      for (var connection : connections) {
        connection.close();
      }
    }
  }

  private static void dribble(RawConnection connection) {
    try {
      connection.write("x");
    } catch (IOException _) {
      return; // the server has closed it, as it must
    }
  }

  private static void bodiesOfStrangers(Target target, Seen seen) throws Exception {
    var connections = new ArrayList<RawConnection>();
    try {
      for (var i = 0; i < 32; i++) {
        connections.add(
            new RawConnection(Target.ATTACKER, target.apiPort)
                .write(
                    "GET /v1/public/links/x/analytics HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1000000\r\n\r\n"));
      }
      try (var other = new RawConnection(Target.network(9), target.apiPort)) {
        var status = other.write(Target.get("/v1/public/links/nope/analytics", "")).read().status();
        seen.require(status == 404, "another network was answered with " + status);
      }
      for (var connection : connections) {
        var status = connection.read().status();
        seen.status(status);
        seen.require(status == 400, "a GET with a body was answered with " + status);
      }
    } finally {
      for (var connection : connections) {
        connection.close();
      }
    }
  }

  private static void log(Target target, Seen seen) throws Exception {
    var before = Files.size(target.log);
    for (var i = 0; i < 500; i++) {
      var rest = i % 2 == 0 ? REFUSED.get(8) : "Content-Length: 50\r\n\r\nabc";
      try (var connection = new RawConnection(Target.ATTACKER, target.apiPort)) {
        connection.write(get("v1/public/links/x/analytics", rest));
        seen.status(connection.read().status());
      }
    }
    var written = Files.size(target.log) - before;
    seen.require(written < 50_000, "the log grew by %,d bytes".formatted(written));
  }
}
