package clicktide.http;

import clicktide.net.Network;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The limit of open connections of one port, in total and per address. An IPv6 network of 64 bits
 * counts as one address, because one client can have all of it. For any thread.
 */
public final class ConnectionLimit {
  private static final int PER_ADDRESS = 512;

  private final int most;
  private final int mostPerAddress;
  private final List<Network> exempt;
  private final Counter refusedInTotal;
  private final Counter refusedPerAddress;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<Network, Integer> openByAddress = new ConcurrentHashMap<>();

  /**
   * A limit of {@code most} connections in total. An address may have 512 of them, but at most half
   * of the total. The addresses of the exempt networks are limited by the total only.
   */
  public ConnectionLimit(int most, List<Network> exempt, MeterRegistry metrics, String port) {
    this.most = most;
    this.mostPerAddress = Math.min(PER_ADDRESS, most / 2);
    this.exempt = List.copyOf(exempt);
    refusedInTotal = refused(metrics, port, "total");
    refusedPerAddress = refused(metrics, port, "address");
  }

  private static Counter refused(MeterRegistry metrics, String port, String limit) {
    return Counter.builder("connections_refused")
        .description("Connections closed at once because a limit was reached")
        .tags("port", port, "limit", limit)
        .register(metrics);
  }

  /** Returns true if a new connection is within the limits. It is then counted until it closes. */
  boolean admits(Channel channel) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      refusedInTotal.increment();
      return false;
    }
    if (channel.remoteAddress() instanceof InetSocketAddress peer && !isExempt(peer.getAddress())) {
      var address = limited(peer.getAddress());
      if (openByAddress.merge(address, 1, Integer::sum) > mostPerAddress) {
        leave(address);
        open.decrementAndGet();
        refusedPerAddress.increment();
        return false;
      }
      channel.closeFuture().addListener(_ -> leave(address));
    }
    channel.closeFuture().addListener(_ -> open.decrementAndGet());
    return true;
  }

  private boolean isExempt(InetAddress address) {
    return exempt.stream().anyMatch(network -> network.contains(address));
  }

  private static Network limited(InetAddress address) {
    return Network.around(address, address instanceof Inet6Address ? 64 : 32).orElseThrow();
  }

  private void leave(Network address) {
    openByAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
  }
}
