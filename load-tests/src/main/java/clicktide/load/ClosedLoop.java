package clicktide.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;

/**
 * Visitors on persistent connections, each of whom sends the next requests when the last ones are
 * answered. {@code pipelined} requests go out at once.
 */
record ClosedLoop(int port, int connections, int pipelined) {
  /**
   * Sends this many requests, rounded up to whole turns, and returns the number of redirects. Each
   * connection has its own traffic, by its number.
   */
  long run(int requests, IntFunction<Traffic> traffic) throws IOException, InterruptedException {
    var next = new AtomicInteger();
    var numbers = new AtomicInteger();
    var redirects = new LongAdder();
    Workers.run(
        connections,
        () -> {
          var own = traffic.apply(numbers.getAndIncrement());
          try (var connection = new RawConnection("127.0.0.1", port)) {
            while (next.getAndAdd(pipelined) < requests) {
              redirects.add(follow(own, connection));
            }
          }
          return null;
        });
    return redirects.sum();
  }

  private int follow(Traffic traffic, RawConnection connection) throws IOException {
    var requests = new ByteArrayOutputStream();
    for (var i = 0; i < pipelined; i++) {
      requests.writeBytes(traffic.next().bytes);
    }
    connection.write(requests.toByteArray());
    var redirects = 0;
    for (var i = 0; i < pipelined; i++) {
      redirects += connection.read().status() == 302 ? 1 : 0;
    }
    return redirects;
  }
}
