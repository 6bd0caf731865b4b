package clicktide.faults;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.EmbeddedServers.Kind;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayName("Exact counts under unusual events: all faults")
@EnabledIfSystemProperty(named = "clicktide.faults", matches = "all")
@Timeout(600)
class EventFaultsTest extends FaultSuite {
  @Override
  Map<String, String> settings() { // small, so that they overflow within a minute
    return Map.of("CLICKTIDE_JOURNAL_MEGABYTES", "1", "CLICKTIDE_SPOOL_MEGABYTES", "4");
  }

  private static String event(String id, String code, Instant at) {
    return "{\"eventId\":\"%s\",\"shortCode\":\"%s\",\"eventTime\":\"%s\",\"userAgent\":\"x\"}"
        .formatted(id, code, at);
  }

  private void send(List<String> events) throws Exception {
    sent += events.size();
    for (var from = 0; from < events.size(); from += 100) {
      var part = events.subList(from, Math.min(events.size(), from + 100));
      while (!rig.accepts("{\"events\":[%s]}".formatted(String.join(",", part)), part.size())) {
        pause(0.1);
      }
    }
  }

  /** Waits until all events are counted or in one of the accounts, and returns the ledger. */
  private JsonNode ledger(String code, long events, String... accounts) {
    return eventually("%d events are in the ledger".formatted(events))
        .until(
            () -> rig.get("/v1/links/%s/ledger?interval=7d".formatted(code)),
            ledger -> {
              var sum = ledger.path("counted").longValue();
              for (var account : accounts) {
                sum += ledger.path(account).longValue();
              }
              return sum == events && ledger.path("underWay").longValue() == 0;
            });
  }

  @Test
  @DisplayName("X7, G4, G5: events sent one to five times, in any order, across a restart")
  void duplicates() throws Exception {
    under(
        "X7 events 1 to 5 times, shuffled, across a restart; conflicts",
        0,
        0,
        () -> {
          var code = rig.links(1).getFirst();
          var random = new Random(1);
          var at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
          var all = new ArrayList<String>();
          for (var i = 0; i < 2_000; i++) {
            var event = event("e" + i, code, at.minusSeconds(i % 600));
            all.addAll(Collections.nCopies(1 + random.nextInt(5), event));
          }
          Collections.shuffle(all, random);
          send(all.subList(0, all.size() / 2));
          rig.back.kill();
          rig.back.start();
          send(all.subList(all.size() / 2, all.size()));
          send(List.of(event("e0", code, at.minusSeconds(9_999))));

          var ledger = ledger(code, all.size() + 1, "duplicate", "rejected");
          assertThat(ledger.path("counted").longValue()).isEqualTo(2_000);
          assertThat(ledger.path("duplicate").longValue()).isEqualTo(all.size() - 2_000);
          assertThat(ledger.path("rejected").longValue()).isEqualTo(1);
          note = "2,000 counted";
          return 1;
        });
  }

  @Test
  @DisplayName("X9, G9: late, future and ancient event times")
  void lateness() throws Exception {
    under(
        "X9 late, future and ancient times",
        0,
        0,
        () -> {
          var code = rig.links(1).getFirst();
          var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
          var late = List.of(1L, 60L, 3_600L, 7_200L, 86_000L, 90_000L, 172_800L, 500_000L, -200L);
          var events = new ArrayList<String>();
          late.forEach(
              seconds -> events.add(event("l" + seconds, code, now.minusSeconds(seconds))));
          send(events);
          var refused =
              List.of(
                  event("f1", code, now.plus(Duration.ofHours(1))),
                  event("f2", code, Instant.parse("2999-01-01T00:00:00Z")),
                  event("f3", code, Instant.parse("1970-01-01T00:00:00Z")));
          var body = "{\"events\":[%s]}".formatted(String.join(",", refused));
          var answer = rig.post("/internal/click-events/batch", body);
          assertThat(answer.path("rejected").intValue()).isEqualTo(3);

          var ledger = ledger(code, late.size());
          assertThat(ledger.path("counted").longValue()).isEqualTo(late.size());
          note = "%d counted, 3 rejected at once".formatted(late.size());
          return 0;
        });
  }

  @Test
  @DisplayName("X10, G10: records that cannot be decoded stall nothing and become dead letters")
  void poison() throws Exception {
    under(
        "X10 400 records that cannot be decoded",
        () -> {
          var before = rig.back.metric("dead_letters_total");
          Map<String, Object> settings = Map.copyOf(rig.servers.endpoints().kafka());
          var random = new Random(2);
          try (var producer =
              new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var i = 0; i < 400; i++) {
              var bytes = new byte[i == 7 ? 1_000_000 : random.nextInt(200)];
              random.nextBytes(bytes);
              var value = i % 50 == 0 ? null : bytes;
              producer.send(new ProducerRecord<>("events", i % 12, null, value)).get();
            }
          }
          var began = System.nanoTime();
          eventually("both followers have 400 more dead letters")
              .until(() -> rig.back.metric("dead_letters_total") - before >= 800);
          note = "in the dead letters after %.1f s".formatted(seconds(began));
          return 0;
        });
  }

  @Test
  @DisplayName("X3, G7: clicks that the spool cannot hold are shed and counted exactly")
  void shedClicksAreCounted() throws Exception {
    overflow("X3 spool of 4 MB overflows: answered = counted + shed");
  }

  private void overflow(String name) throws Exception {
    var codes = rig.links(3);
    var before = (long) rig.front.metric("clicks_dropped_total");
    try (var oracle = new Oracle(folder.resolve("oracle-shed"), codes.getFirst())) {
      try (var crowd =
          new Traffic(rig, oracle, new Traffic.Links(codes, List.of())).start(3_000, 0)) {
        pause(2);
        rig.signal(Kind.KAFKA, "STOP");
        pause(40);
        rig.signal(Kind.KAFKA, "CONT");
        pause(2);
        assertThat(crowd.refused()).as("responses that were no redirect").isZero();
      }
      var ended = System.nanoTime();
      var shed = 0L;
      for (var code : codes) {
        var ledger = ledger(code, oracle.answered.get(code).sum(), "shed");
        shed += ledger.path("shed").longValue();
        var analytics = rig.get("/v1/links/%s/analytics?interval=24h".formatted(code));
        assertThat(analytics.at("/meta/knownLoss").longValue())
            .as("ledger %s, analytics %s", ledger, analytics)
            .isEqualTo(ledger.path("shed").longValue());
      }
      assertThat(shed).isPositive();
      assertThat((long) rig.front.metric("clicks_dropped_total") - before).isEqualTo(shed);
      FaultTable.add(
          new FaultTable.Row(
              name, oracle.events(), 0, 0, seconds(ended), shed + " shed, as clicks_dropped says"));
    }
  }

  @Test
  @DisplayName("X14, G16: the disk under the spool is full")
  void aFullDisk() throws Exception {
    var spool = rig.front.here.data.resolve("spool");
    rig.front.close();
    Files.createDirectories(spool);
    if (!Rig.runs("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", spool.toString())) {
      FaultTable.notRun("X14 full disk under the spool");
      rig.front.start();
      return;
    }
    try {
      rig.front.start();
      overflow("X14 the same with the spool on a full disk of 1 MB");
    } finally {
      rig.front.close();
      Rig.runs("umount", spool.toString());
      rig.front.start();
    }
  }
}
