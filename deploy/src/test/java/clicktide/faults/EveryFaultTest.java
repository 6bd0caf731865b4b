package clicktide.faults;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.deploy.Main;
import clicktide.embedded.EmbeddedServers.Kind;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@DisplayName("Exact counts under faults: all faults")
@EnabledIfSystemProperty(named = "clicktide.faults", matches = "all")
@Timeout(1_800)
class EveryFaultTest extends FaultSuite {
  private final RandomGenerator random = random("pauses between faults");

  @Test
  @DisplayName("X1, G2: 20 kills of the redirect process under 2,000 clicks a second")
  void theRedirectProcessDies() throws Exception {
    under(
        "X1 kill -9 of the redirect process, 2,000/s",
        2_000,
        0,
        () -> {
          for (var i = 0; i < 20; i++) {
            pause(1.5 + random.nextDouble()); // at full speed again
            rig.front.kill();
            rig.front.start();
          }
          return 20;
        });
  }

  @Test
  @DisplayName("G1: 20 kills of any process in a million events")
  void anythingDies() throws Exception {
    under(
        "G1 kill -9 of every process, four times each",
        5_000,
        500,
        () -> {
          for (var round = 0; round < 4; round++) {
            killing(1, Kind.KAFKA, 6);
            rig.front.kill();
            rig.front.start();
            killing(1, Kind.REDIS, 6);
            rig.back.kill();
            rig.back.start();
            killing(1, Kind.POSTGRES, 6);
          }
          eventually("a million events are sent")
              .atMost(Duration.ofMinutes(10))
              .until(() -> traffic.answered() >= 1_000_000);
          return 20;
        });
  }

  /** Kills a server this many times, with a pause of these seconds and up to one more. */
  private void killing(int times, Kind kind, double seconds) throws InterruptedException {
    for (var i = 0; i < times; i++) {
      rig.kill(kind);
      pause(seconds + random.nextDouble());
    }
  }

  @Test
  @DisplayName("X2, G3: the broker is killed, and then hangs")
  void theBrokerDies() throws Exception {
    under(
        "X2 kill -9 of Kafka, and 30 s of a Kafka that hangs",
        () -> {
          killing(5, Kind.KAFKA, 8);
          rig.signal(Kind.KAFKA, "STOP");
          pause(30);
          rig.signal(Kind.KAFKA, "CONT");
          return 5;
        });
  }

  @Test
  @DisplayName("X3, G7: an outage of Kafka, with memory and latency")
  void kafkaHangs() throws Exception {
    under(
        "X3 Kafka hangs for %d s at 5,000/s".formatted(OUTAGE_SECONDS),
        5_000,
        0,
        () -> {
          pause(10); // warm
          traffic.latencies.takeTail();
          pause(20);
          var before = traffic.latencies.takeTail();
          rig.signal(Kind.KAFKA, "STOP");
          var most = 0L;
          for (var second = 0; second < OUTAGE_SECONDS; second++) {
            pause(1);
            most = Math.max(most, rig.front.residentKilobytes());
          }
          var during = traffic.latencies.takeTail();
          rig.signal(Kind.KAFKA, "CONT");
          note =
              "%s; resident at most %d MB; %d no redirect"
                  .formatted(during.against(before), most >> 10, traffic.refused());
          assertThat(traffic.refused()).isZero();
          return 0;
        });
  }

  @Test
  @DisplayName("X4, G1: kill -9 of the aggregation process")
  void theCountingProcessDies() throws Exception {
    under(
        "X4 kill -9 of the counting process",
        () -> {
          for (var i = 0; i < 8; i++) {
            pause(2 * random.nextDouble());
            rig.back.kill();
            rig.back.start();
          }
          return 8;
        });
  }

  @Test
  @DisplayName("X5, G8: Redis is killed, paused, emptied, and restored from older files")
  void redisFails() throws Exception {
    under(
        "X5 kill -9 of Redis, 20 s stopped, emptied, older file",
        () -> {
          var old = rig.copyOfRedis();
          killing(4, Kind.REDIS, 2);
          rig.signal(Kind.REDIS, "STOP");
          pause(20);
          rig.signal(Kind.REDIS, "CONT");
          rig.emptyRedis();
          pause(5);
          rig.restoreRedis(old);
          pause(3);
          return 5;
        });
  }

  @Test
  @DisplayName("X5, G8: Redis has no room, and refuses all writes")
  void redisIsFull() throws Exception {
    under(
        "X5 Redis without room for 20 s",
        () -> {
          rig.limitRedis(1);
          pause(20);
          rig.limitRedis(0);
          pause(3);
          return 1;
        });
  }

  @Test
  @DisplayName("X6, G1: kill -9 of PostgreSQL, and lost replies")
  void postgresDies() throws Exception {
    under(
        "X6 kill -9 of PostgreSQL, 10 + 10 replies cut",
        () -> {
          killing(5, Kind.POSTGRES, 3);
          rig.cutReplies(10);
          return 5;
        });
  }

  @Test
  @DisplayName("R5: PostgreSQL is put back by 30 s, while links are made, changed and clicked")
  void postgresIsPutBack() throws Exception {
    under(
        "R5 PostgreSQL put back by 30 s",
        () -> {
          sent = new RestoredPostgres(rig, rig.earlierPostgres()).run(30);
          return 1;
        });
  }

  @Test
  @DisplayName("X8, G6: an aggregation process that was paused and resumes is fenced off")
  void aZombieIsFenced() throws Exception {
    under(
        "X8 a second counting process stopped for 15 s, three times",
        () -> {
          rig.second.start();
          for (var i = 0; i < 3; i++) {
            pause(4);
            rig.second.pause();
            pause(15);
            rig.second.resume();
          }
          pause(3);
          rig.second.close();
          return 0;
        });
  }

  @Test
  @DisplayName("X8b: an aggregation process starts and ends all the time")
  void aRebalanceStorm() throws Exception {
    under(
        "X8b rebalance storm",
        () -> {
          for (var i = 0; i < 8; i++) {
            rig.second.start();
            pause(2 * random.nextDouble());
            if (i % 2 == 0) {
              rig.second.kill();
            } else {
              rig.second.close();
            }
          }
          return 4;
        });
  }

  @Test
  @DisplayName("X12, G13: every process but the redirect process is unavailable")
  void everythingElseIsUnavailable() throws Exception {
    under(
        "X12 all servers and the counting process unavailable",
        2_000,
        0,
        () -> {
          pause(10); // warm
          traffic.latencies.takeTail();
          pause(20);
          var before = traffic.latencies.takeTail();
          for (var kind : Kind.values()) {
            rig.signal(kind, "STOP");
          }
          rig.back.kill();
          pause(20);
          var during = traffic.latencies.takeTail();
          assertThat(rig.front.here.follow("neverSeen").statusCode()).isEqualTo(503);
          assertThat(rig.front.management("/health/ready")).startsWith("200").contains("degraded");
          rig.front.kill();
          rig.front.start(); // from its snapshot
          pause(3);
          var refused = traffic.refused();
          for (var kind : Kind.values()) {
            rig.signal(kind, "CONT");
          }
          rig.back.start();
          note = "%s; %d no redirect".formatted(during.against(before), refused);
          assertThat(refused).isZero();
          return 2;
        });
  }

  @Test
  @DisplayName("X13, G15: the clock of the redirect process is two hours wrong, and steps")
  void aWrongClock() throws Exception {
    hasTrueClocks = false;
    for (var wrong : new String[] {"7200", "-7200"}) {
      var clock = folder.resolve("clock");
      under(
          "X13 clock of the redirect process wrong by " + wrong + " s, then a step",
          () -> {
            Files.writeString(clock, wrong);
            rig.front.kill();
            rig.front.main(WrongClock.class).option("-Dclicktide.clock=" + clock).start();
            pause(3);
            Files.writeString(clock, "-3600");
            pause(3);
            return 1;
          });
    }
  }

  @AfterEach
  void rightClock() throws Exception {
    hasTrueClocks = true;
    if (Files.exists(folder.resolve("clock"))) {
      Files.delete(folder.resolve("clock"));
      rig.front.close();
      rig.front.main(Main.class).start();
    }
  }

  @Test
  @DisplayName("X14b, G16: a slow disk under all servers and the spool, while Kafka hangs")
  void aSlowDisk() throws Exception {
    var disk = SlowDisk.of(folder, 256 << 10);
    if (disk.isEmpty()) {
      FaultTable.notRun("X14b slow disk");
      return;
    }
    under(
        "X14b disk of all but the counting process at 256 KB/s",
        () -> {
          try (var slow = disk.get()) {
            for (var kind : Kind.values()) {
              for (var process : rig.processes(kind)) {
                slow.slow(process.pid());
              }
            }
            slow.slow(rig.front.process());
            pause(10);
            rig.signal(Kind.KAFKA, "STOP");
            pause(10);
            rig.signal(Kind.KAFKA, "CONT");
            pause(10);
          }
          assertThat(traffic.refused()).isZero();
          return 0;
        });
  }

  @Test
  @DisplayName("X15: as many clicks and events as the machine can send")
  void overload() throws Exception {
    under(
        "X15 overload for 20 s",
        20_000,
        5_000,
        () -> {
          pause(20);
          note = "p99 %.0f ms".formatted(traffic.latencies.takeTail().typical());
          assertThat(traffic.refused()).isZero();
          return 0;
        });
  }

  @Test
  @DisplayName("G18: ten times the load, with memory, and the time until latencies recover")
  void tenTimesTheLoad() throws Exception {
    under(
        "G18 ten times 1,000/s for %d s".formatted(OVERLOAD_SECONDS),
        1_000,
        100,
        () -> {
          pause(10); // warm
          traffic.latencies.takeTail();
          pause(10);
          var before = traffic.latencies.takeTail();
          var code = traffic.links().clicked().getFirst();
          var front = 0L;
          var back = 0L;
          long answered;
          long limited;
          try (var more = traffic.another().start(9_000, 900);
              var queries = new QueryLoad(rig, code).start(60)) {
            for (var second = 0; second < OVERLOAD_SECONDS; second++) {
              pause(1);
              front = Math.max(front, rig.front.residentKilobytes());
              back = Math.max(back, rig.back.residentKilobytes());
            }
            answered = queries.succeeded.sum();
            limited = queries.limited.sum();
            assertThat(queries.failed.sum()).isZero();
            assertThat(more.refused()).isZero();
          }
          var ended = System.nanoTime();
          traffic.latencies.takeTail();
          do {
            pause(1);
          } while (!traffic.latencies.takeTail().isLike(before)
              || rig.staleness(code, "total") > 5);
          note =
              "recovered after %.0f s; resident at most %d and %d MB; %d queries answered, %d limited"
                  .formatted(seconds(ended), front >> 10, back >> 10, answered, limited);
          return 0;
        });
  }

  @Test
  @DisplayName("X16: an aggregation process without memory")
  void noMemory() throws Exception {
    under(
        "X16 a second counting process with 40 MB of heap",
        () -> {
          var small =
              new ProductProcess(folder, "small", rig.environment, "aggregation").option("-Xmx40m");
          for (var i = 0; i < 3; i++) {
            small.launch();
            pause(6);
            small.kill();
          }
          return 3;
        });
  }

  @Override
  Map<String, String> settings() {
    return Map.of("CLICKTIDE_JOURNAL_MEGABYTES", "32");
  }
}
