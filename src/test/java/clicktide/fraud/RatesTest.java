package clicktide.fraud;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.Some;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.TrackingMode;
import clicktide.event.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C11: addresses that click more often than people do")
class RatesTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final int MOST = 100;

  private static void click(Rates rates, int partition, String address, Instant at) {
    var client = new LinkClick.Client(address, "agent", "", "", false, false);
    var asked = Some.sent(Some.click(1, at), client, TrackingMode.FULL);
    rates.add(partition, asked, at);
  }

  /** 300 clicks of one address by two partitions, and 80 of another one, in one minute. */
  private static List<Verdict> judged(Rates rates) {
    for (var i = 0; i < 300; i++) {
      click(rates, i / 150, "203.0.113.9", AT.plusMillis(i * 100L));
    }
    for (var i = 0; i < 80; i++) {
      click(rates, 0, "203.0.113.10", AT.plusMillis(i * 100L));
    }
    assertThat(rates.judge(AT.plusSeconds(90))).isEmpty(); // the minute is not over for long enough
    var verdicts = rates.judge(AT.plusSeconds(91));
    assertThat(rates.judge(AT.plusSeconds(92))).isEmpty();
    return verdicts;
  }

  @Test
  @DisplayName("are found when their minute is over; half of what is allowed stays with people")
  void areFound() {
    var verdicts = judged(new Rates(MOST));

    assertThat(verdicts).hasSize(2);
    assertThat(verdicts.stream().mapToInt(Verdict::clicks).sum()).isEqualTo(300 - MOST / 2);
    assertThat(verdicts)
        .allMatch(verdict -> verdict.example().client().address().equals("203.0.113.9"))
        .allMatch(verdict -> verdict.example().identity() instanceof Identity.Collected);
  }

  @Test
  @DisplayName("are judged the same when the log is read again, and another minute is another")
  void areJudgedTheSame() {
    var rates = new Rates(MOST);
    var ids = new HashSet<Identity>();
    judged(rates).forEach(verdict -> ids.add(verdict.example().identity()));
    rates.forget();
    var again = new ArrayList<Identity>();
    judged(rates).forEach(verdict -> again.add(verdict.example().identity()));

    assertThat(again).containsExactlyInAnyOrderElementsOf(ids);
    for (var i = 0; i < 2 * MOST; i++) {
      click(rates, 0, "203.0.113.9", AT.plusSeconds(120));
    }
    assertThat(rates.judge(AT.plusSeconds(300)))
        .hasSize(1)
        .noneMatch(one -> ids.contains(one.example().identity()));
  }

  @Test
  @DisplayName("an event that a collector repeats is one click")
  void aRepeatIsOneClick() {
    var rates = new Rates(MOST);
    for (var i = 0; i < 3 * MOST; i++) {
      var id = Identity.Collected.of(Some.OWNER, "event " + i % 90);
      rates.add(0, Some.click(id, 1, AT), AT);
    }

    assertThat(rates.judge(AT.plusSeconds(120))).isEmpty();
  }

  @Test
  @DisplayName("a backlog of clicks is in no rate")
  void aBacklogIsInNoRate() {
    var rates = new Rates(MOST);
    for (var i = 0; i < 3 * MOST; i++) {
      rates.add(0, Some.click(1, AT), AT.plusSeconds(600));
    }

    assertThat(rates.judge(AT.plusSeconds(900))).isEmpty();
  }
}
