package clicktide.count;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Traffic;
import clicktide.event.Minute;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Counting is a pure function")
class CountingTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");

  private static List<EnrichedClick> visits(Random random) {
    var visits = new ArrayList<EnrichedClick>();
    for (var i = 0; i < 300; i++) {
      var click = TestClicks.click(random.nextInt(3), AT.plusSeconds(random.nextInt(300)));
      var traffic = random.nextInt(4) == 0 ? Traffic.BOT : Traffic.HUMAN;
      var country = List.of("DE", "FR", "ZZ").get(random.nextInt(3));
      visits.add(TestClicks.visit(click, traffic, country, "firefox", random.nextInt(5)));
    }
    return visits;
  }

  private static Map<Object, HumanBotCount> sums(List<EnrichedClick> visits) {
    var sums = new HashMap<Object, HumanBotCount>();
    BaseRows.of(visits, List.of(), List.of())
        .forEach(row -> sums.merge(row.cell(), row.clicks(), HumanBotCount::plus));
    LiveTally.of(visits, List.of())
        .forEach((cell, clicks) -> sums.merge(cell, clicks, HumanBotCount::plus));
    return sums;
  }

  @Test
  @DisplayName("any order and any batches give the same sums, 200 seeds")
  void anyOrderAndAnyCutGivesTheSameSums() {
    for (var seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var visits = visits(random);
      var whole = sums(visits);

      Collections.shuffle(visits, random);
      var cut = random.nextInt(visits.size());
      var parts = new HashMap<>(sums(visits.subList(0, cut)));
      sums(visits.subList(cut, visits.size()))
          .forEach((cell, clicks) -> parts.merge(cell, clicks, HumanBotCount::plus));

      assertThat(parts).as("seed %d", seed).isEqualTo(whole);
    }
  }

  @Test
  @DisplayName("each click is in one row with its visitor; received events are in one row as well")
  void rowsCarryVisitors() {
    var visits = visits(new Random(7));
    var rows = BaseRows.of(visits, List.of(visits.getFirst()), List.of());

    assertThat(rows.stream().mapToLong(row -> row.clicks().total()).sum()).isEqualTo(300);
    assertThat(rows.stream().mapToLong(row -> row.received()).sum()).isEqualTo(301);
    assertThat(rows.stream().mapToLong(row -> row.visitors().length).sum())
        .isEqualTo(visits.stream().filter(visit -> visit.visitor() != 0).count());
  }

  @Test
  @DisplayName("the hot hour is the running minute and the 59 before it, by the broker's clock")
  void theHotHour() {
    var minute = Minute.of(AT);
    for (var age : new int[] {0, 59, 60, -5}) {
      var visit = TestClicks.visit(1, AT.minusSeconds(60L * age));
      assertThat(LiveTally.of(List.of(TestClicks.logged(visit, AT)), List.of()).size())
          .as("age %d", age)
          .isEqualTo(age < 60 ? 1 : 0);
    }
    assertThat(minute.start()).isEqualTo(AT);
  }

  @Test
  @DisplayName("C8: sketches merge, and a repeat changes nothing")
  void sketchesMerge() {
    var one = new Visitors();
    var other = new Visitors();
    var random = new Random(3);
    for (var i = 0; i < 2_000; i++) {
      (i < 1_200 ? one : other).add(random.nextLong());
    }
    one.merge(other);
    one.merge(other);

    assertThat(one.estimate()).isBetween(1_960L, 2_040L);
  }
}
