package clicktide.deploy;

import clicktide.buffer.Journal;
import clicktide.buffer.NodeStart;
import clicktide.buffer.Outbox;
import clicktide.buffer.Spool;
import clicktide.kafka.KafkaEventLog;
import clicktide.kafka.Topic;
import clicktide.net.ClientAddress;
import clicktide.redirect.LinkLookup;
import clicktide.redirect.RedirectVerticle;
import clicktide.replica.LinkMap;
import clicktide.settings.Role;
import clicktide.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts that answer short links. They need only the disk and the memory of this node. */
final class RedirectParts {
  private static final Logger log = LoggerFactory.getLogger(RedirectParts.class);

  private RedirectParts() {}

  /** Opens one journal per event loop, and moves the clicks of the last process to the spool. */
  static Outbox outbox(
      Settings settings, NodeIdentity node, InstantSource wall, RandomGenerator random)
      throws IOException {
    var data = settings.data();
    return Outbox.open(
        new Outbox.Folders(memory(settings, node), data.resolve("journal")),
        Spool.open(data.resolve("spool"), (long) settings.spoolMegabytes() << 20, wall),
        new NodeStart(node.start(), node.boot(), node.previous()),
        settings.roles().contains(Role.REDIRECT) ? settings.eventLoops() : 0,
        (long) settings.journalMegabytes() << 20,
        random);
  }

  /** Returns the folder of the journals; on disk if there is no file system in memory. */
  static Path memory(Settings settings, NodeIdentity node) {
    return Files.isDirectory(settings.journal())
        ? settings.journal().resolve("clicktide-%016x".formatted(node.folder()))
        : settings.data().resolve("journal");
  }

  /**
   * Announces this start to the log, so that no answer claims to contain the clicks that follow
   * (E3). An embedded log has no other node. Without an answer of Kafka, short links wait for a few
   * seconds only (A2).
   */
  static void announce(Platform platform, Outbox outbox) throws InterruptedException {
    var settings = platform.settings();
    if (settings.kafka().isPresent()) {
      try {
        KafkaEventLog.announce(
            platform.vertx(),
            settings.kafka().get(),
            settings.name().prefixed(Topic.EVENTS),
            platform.clock(),
            outbox::report);
      } catch (RuntimeException failure) {
        log.warn("Short links are answered before Kafka answers: {}", failure.getMessage());
      }
    }
  }

  /** Makes one verticle, hence one event loop, for each journal; none without the role. */
  static List<RedirectVerticle> verticles(
      Platform platform, List<Journal> journals, LinkMap links) {
    var settings = platform.settings();
    var lookup = new LinkLookup(links::find, platform.time());
    var addresses = new ClientAddress(settings.trustedProxies());
    var clock = platform.clock();
    var clocks = new RedirectVerticle.Clocks(clock, clock::uncorrected, platform.time()::nanos);
    var place = platform.place(PublicPort.LINKS);
    var metrics = platform.metrics();
    return journals.stream()
        .map(one -> new RedirectVerticle(place, one, links, lookup, addresses, clocks, metrics))
        .toList();
  }
}
