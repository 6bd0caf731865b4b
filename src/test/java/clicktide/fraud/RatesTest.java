package clicktide.fraud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import clicktide.count.TestClicks;
import clicktide.enrich.BotPatterns;
import clicktide.enrich.Dimension;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Enrichment;
import clicktide.enrich.GeoLocator;
import clicktide.enrich.UserAgents;
import clicktide.enrich.VisitorHash;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Target;
import clicktide.event.LinkClick.Via;
import clicktide.event.TrackingMode;
import clicktide.event.Verdict;
import clicktide.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("C11: addresses with more clicks per minute than humans make")
class RatesTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final int MOST = 100;
  private static final String REFERRER = "https://example.com/";
  private static final String HOST = "s.example.org";
  private static final Target SHOP = new Target(302, "shop.example.com");

  private static final GeoLocator BY_LAST_BYTE =
      new GeoLocator() {
        @Override
        public EnrichedClick.Location of(InetAddress address) {
          var last = address.getAddress()[3] % 2 == 0;
          return last ? new EnrichedClick.Location("DE", "DE-BE") : EnrichedClick.Location.UNKNOWN;
        }

        @Override
        public String version() {
          return "test";
        }
      };

  private static final Enrichment ENRICHMENT =
      new Enrichment(
          new UserAgents(new ManualTime(Instant.EPOCH), new SimpleMeterRegistry()),
          BotPatterns.NONE,
          BY_LAST_BYTE,
          new VisitorHash(_ -> Optional.of(new byte[32])));

  private static void click(Rates rates, int partition, String address, Instant at) {
    var client = new LinkClick.Client(address, "agent", "", "", false, false);
    var asked = TestClicks.sent(TestClicks.click(1, at), client, TrackingMode.FULL);
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
  @DisplayName("are found when their minute is over; half of the allowed clicks stays human")
  void areFound() {
    var verdicts = judged(new Rates(MOST));

    assertThat(verdicts).hasSize(2);
    assertThat(verdicts.stream().mapToInt(Verdict::clicks).sum()).isEqualTo(300 - MOST / 2);
    assertThat(verdicts)
        .allMatch(verdict -> verdict.example().client().address().equals("203.0.113.9"))
        .allMatch(verdict -> verdict.example().identity() instanceof Identity.Collected);
  }

  @Test
  @DisplayName("are judged together if they come late, and one partition is read after another")
  void comeLate() {
    var rates = new Rates(MOST);
    var client = new LinkClick.Client("203.0.113.9", "agent", "", "", false, false);
    var loggedAt = AT.plusSeconds(100);
    for (var partition = 0; partition < 2; partition++) {
      for (var i = 0; i < MOST; i++) {
        var click = TestClicks.sent(TestClicks.click(1, AT), client, TrackingMode.FULL);
        rates.add(partition, click, loggedAt.plusMillis(partition));
      }
      var before = loggedAt.minusMillis(500); // the other partition was read to here
      assertThat(rates.judge(before)).as("minute over, partition %d read", partition).isEmpty();
    }
    assertThat(rates.judge(loggedAt.plusMillis(1))).as("more may be of this moment").isEmpty();

    var verdicts = rates.judge(loggedAt.plusMillis(2));

    assertThat(verdicts.stream().mapToInt(Verdict::clicks).sum()).isEqualTo(2 * MOST - MOST / 2);
  }

  @Test
  @DisplayName("get the same verdicts when the log is read again, and others in another minute")
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
  @DisplayName("are found among more addresses than the memory has room for")
  void areFoundAmongMany() {
    var rates = new Rates(MOST);
    for (var i = 0; i < 700_000; i++) {
      click(rates, 0, "2001:db8::%x:%x".formatted(i >> 16, i & 0xffff), AT);
      if (i % 1_000 == 0) {
        click(rates, 0, "203.0.113.9", AT);
        click(rates, 0, "203.0.113.9", AT);
      }
    }

    assertThat(rates.judge(AT.plusSeconds(91)))
        .hasSize(1)
        .allMatch(verdict -> verdict.example().client().address().equals("203.0.113.9"))
        .allMatch(verdict -> verdict.clicks() > 1_400 - MOST);
  }

  @Test
  @DisplayName("a repeat of a collected event is one click")
  void aRepeatIsOneClick() {
    var rates = new Rates(MOST);
    for (var i = 0; i < 3 * MOST; i++) {
      var id = Identity.Collected.of(TestClicks.OWNER, "event " + i % 90);
      rates.add(0, TestClicks.click(id, 1, AT), AT);
    }

    assertThat(rates.judge(AT.plusSeconds(120))).isEmpty();
  }

  @Test
  @DisplayName("a backlog of clicks is in no rate")
  void aBacklogIsInNoRate() {
    var rates = new Rates(MOST);
    for (var i = 0; i < 3 * MOST; i++) {
      rates.add(0, TestClicks.click(1, AT), AT.plusSeconds(600));
    }

    assertThat(rates.judge(AT.plusSeconds(900))).isEmpty();
  }

  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";
  private static final String PHONE =
      "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/140.0.0.0 Mobile Safari/537.36";

  private static LinkClick asked(Client client, Campaign campaign, Via via, Target target) {
    var click = TestClicks.sent(TestClicks.click(1, AT), client, TrackingMode.FULL);
    return new LinkClick(
        click.identity(),
        click.subject(),
        click.code(),
        AT,
        AT,
        "",
        target,
        via,
        client,
        campaign,
        click.mode());
  }

  private static LinkClick asked(Campaign campaign, Via via, Target target) {
    return asked(client("203.0.113.9", FIREFOX, REFERRER, HOST, false), campaign, via, target);
  }

  private static LinkClick asked(Client client) {
    return asked(client, Campaign.NONE, Via.LINK, SHOP);
  }

  private static Client client(
      String address, String userAgent, String referrer, String host, boolean head) {
    return new Client(address, userAgent, referrer, host, head, false);
  }

  /** A click that differs from the usual one in this dimension; empty if none can. */
  private static Optional<LinkClick> another(Dimension dimension) {
    var address = "203.0.113.9";
    return switch (dimension) {
      case COUNTRY, REGION ->
          Optional.of(asked(client("203.0.113.10", FIREFOX, REFERRER, HOST, false)));
      case DEVICE, BROWSER, OS -> Optional.of(asked(client(address, PHONE, REFERRER, HOST, false)));
      case BOT, TRAFFIC -> Optional.of(asked(client(address, FIREFOX, REFERRER, HOST, true)));
      case REFERRER ->
          Optional.of(asked(client(address, FIREFOX, REFERRER + "no path", HOST, false)));
      case HOST ->
          Optional.of(asked(client(address, FIREFOX, REFERRER, "other.example.org", false)));
      case SOURCE -> Optional.of(asked(new Campaign("x", "", "", "", ""), Via.LINK, SHOP));
      case MEDIUM -> Optional.of(asked(new Campaign("", "x", "", "", ""), Via.LINK, SHOP));
      case CAMPAIGN -> Optional.of(asked(new Campaign("", "", "x", "", ""), Via.LINK, SHOP));
      case VIA -> Optional.of(asked(Campaign.NONE, Via.QR, SHOP));
      case STATUS -> Optional.of(asked(Campaign.NONE, Via.LINK, new Target(301, SHOP.host())));
      case DESTINATION ->
          Optional.of(asked(Campaign.NONE, Via.LINK, new Target(302, "other.example.com")));
      case RULES -> Optional.empty(); // a property of the reader, not of the click
    };
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a verdict moves clicks of one cell only, whatever the dimension")
  void aVerdictMovesClicksOfOneCell(Dimension dimension) {
    var one = asked(Campaign.NONE, Via.LINK, SHOP);
    var other = another(dimension);
    assumeThat(other).isPresent();
    assertThat(value(dimension, one)).isNotEqualTo(value(dimension, other.get()));
    var rates = new Rates(MOST);
    for (var i = 0; i < 2 * MOST; i++) {
      rates.add(0, one, AT);
      rates.add(0, other.get(), AT);
    }

    assertThat(rates.judge(AT.plusSeconds(120)))
        .isNotEmpty()
        .allSatisfy(verdict -> assertThat(verdict.clicks()).isLessThanOrEqualTo(2 * MOST));
  }

  private static String value(Dimension dimension, LinkClick click) {
    return ENRICHMENT.enrich(click, new EnrichedClick.Logged(AT, 0, 0)).values().of(dimension);
  }

  @Test
  @DisplayName("the id of a verdict never changes, so a newer version does not judge again")
  void theIdOfAVerdictNeverChanges() {
    var rates = new Rates(MOST);
    for (var i = 0; i < 2 * MOST; i++) {
      rates.add(
          3, asked(new Campaign("s", "m", "n", "t", "c"), Via.QR, new Target(307, "a.b")), AT);
    }

    assertThat(rates.judge(AT.plusSeconds(120)))
        .extracting(verdict -> verdict.example().identity())
        .containsExactly(
            new Identity.Collected(TestClicks.OWNER, -5967676442412558209L, -1054412447093251562L));
  }
}
