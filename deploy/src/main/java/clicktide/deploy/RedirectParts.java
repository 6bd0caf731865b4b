package clicktide.deploy;

import clicktide.buffer.Journal;
import clicktide.buffer.Outbox;
import clicktide.buffer.Spool;
import clicktide.http.HttpPort;
import clicktide.net.ClientAddress;
import clicktide.redirect.LinkLookup;
import clicktide.redirect.RedirectVerticle;
import clicktide.replica.LinkMap;
import clicktide.settings.Settings;
import clicktide.time.MonotonicClock;
import clicktide.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What answers short links: it needs this node's disk and memory, and nobody else (rule 5). */
final class RedirectParts {
  private RedirectParts() {}

  /** Brings what the last process left behind into the spool; nothing listens yet. */
  static Outbox outbox(Settings settings, Node node, int lanes) throws IOException {
    var data = settings.data();
    return Outbox.open(
        new Outbox.Places(memory(settings, node), data.resolve("journal")),
        Spool.open(data.resolve("spool"), (long) settings.spoolMegabytes() << 20),
        new Outbox.Boot(node.id(), node.boot()),
        lanes,
        (long) settings.journalMegabytes() << 20);
  }

  /** A folder of this node alone, if there is a file system in memory at all. */
  private static Path memory(Settings settings, Node node) {
    return Files.isDirectory(settings.journal())
        ? settings.journal().resolve("clicktide-%016x".formatted(node.id()))
        : settings.data().resolve("journal");
  }

  /** An event loop for each journal. */
  static List<RedirectVerticle> redirects(
      Settings settings,
      List<Journal> journals,
      LinkMap links,
      MonotonicClock clock,
      TimeSource time,
      MeterRegistry metrics) {
    var lookup = new LinkLookup(links::find, time);
    var addresses = new ClientAddress(settings.trustedProxies());
    var clocks = new RedirectVerticle.Clocks(clock, clock::uncorrected);
    var place = new HttpPort.Place(settings.bind(), settings.port(), settings.idleSeconds());
    return journals.stream()
        .map(one -> new RedirectVerticle(place, one, links, lookup, addresses, clocks, metrics))
        .toList();
  }
}
