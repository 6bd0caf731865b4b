package clicktide.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.TestClicks;
import clicktide.event.LinkClick.Client;
import clicktide.event.TrackingMode;
import clicktide.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("C6, C7: enrichment of a click")
class EnrichmentTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";
  private static final Enrichment ENRICHMENT =
      new Enrichment(
          new UserAgents(new ManualTime(Instant.EPOCH), new SimpleMeterRegistry()),
          BotPatterns.NONE,
          GeoLocator.UNKNOWN,
          new VisitorHash(_ -> Optional.of(new byte[32])));

  private static EnrichedClick visit(Client client) {
    return visit(client, TrackingMode.FULL);
  }

  private static EnrichedClick visit(Client client, TrackingMode handling) {
    var asked = TestClicks.sent(TestClicks.click(1, AT), client, handling);
    return ENRICHMENT.enrich(asked, new EnrichedClick.Logged(AT, 0, 0));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "NONE, '" + FIREFOX + "'",
        "NONE, 'Mozilla/5.0 (Linux; Android 14; CUBOT NOTE 50) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36'",
        "CRAWLER, 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'",
        "CRAWLER, 'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)'",
        "PREVIEW, 'WhatsApp/2.23.20.0'",
        "PREVIEW, 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'",
        "PREVIEW, 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'",
        "MONITOR, 'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)'",
        "LIBRARY, 'curl/8.5.0'",
        "LIBRARY, 'python-requests/2.32'",
        "LIBRARY, ''"
      })
  @DisplayName("user agents are classified as human or as a class of bot")
  void machines(BotClass expected, String userAgent) {
    var visit = visit(new Client("203.0.113.9", userAgent, "", "", false, false));

    assertThat(visit.bot()).isEqualTo(expected);
    assertThat(visit.traffic()).isEqualTo(expected == BotClass.NONE ? Traffic.HUMAN : Traffic.BOT);
  }

  @Test
  @DisplayName("a prefetch and a HEAD request are bot traffic")
  void prefetchAndHead() {
    assertThat(visit(new Client("", FIREFOX, "", "", false, true)).bot())
        .isEqualTo(BotClass.PREFETCH);
    assertThat(visit(new Client("", FIREFOX, "", "", true, false)).bot()).isEqualTo(BotClass.HEAD);
    assertThat(visit(new Client("", "curl/8.5.0", "", "", true, false)).bot())
        .isEqualTo(BotClass.LIBRARY);
  }

  @Test
  @DisplayName("C11: with counts only, a click gets its class of traffic and no other dimension")
  void onlyCounts() {
    var visit = visit(new Client("", "curl/8.5.0", "", "", false, false), TrackingMode.COUNTS_ONLY);

    assertThat(visit.bot()).isEqualTo(BotClass.LIBRARY);
    assertThat(List.of(Dimension.DEVICE, Dimension.BROWSER, Dimension.OS))
        .allSatisfy(dimension -> assertThat(visit.values().of(dimension)).isEmpty());
    assertThat(visit.visitor()).isZero();
  }

  @Test
  @DisplayName("the versions of the rules are kept with the result")
  void versionsOfTheRules() {
    var visit = visit(new Client("", FIREFOX, "", "", false, false));

    assertThat(visit.values().of(Dimension.RULES))
        .matches("\\d+ yauaa-[0-9.]+ patterns-none geoip-none");
  }

  @Test
  @DisplayName("the catalogue has host, status, destination and class of bot")
  void dimensions() {
    var visit =
        visit(
            new Client(
                "", "curl/8.5.0", "https://www.example.co.uk/a", "Go.example:8080", false, false));

    assertThat(visit.values().of(Dimension.HOST)).isEqualTo("go.example");
    assertThat(visit.values().of(Dimension.STATUS)).isEqualTo("302");
    assertThat(visit.values().of(Dimension.DESTINATION)).isEqualTo("shop.example.com");
    assertThat(visit.values().of(Dimension.BOT)).isEqualTo("library");
    assertThat(visit.values().of(Dimension.REFERRER)).isEqualTo("example.co.uk");
  }
}
