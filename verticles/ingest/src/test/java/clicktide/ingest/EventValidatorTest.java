package clicktide.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.TestClicks;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.TrackingMode;
import clicktide.http.Json;
import clicktide.ingest.EventValidator.Judgement;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.store.Retention;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("B1: events of the batch collector")
class EventValidatorTest {
  private static final Instant NOW = Instant.parse("2026-05-03T12:05:00Z");
  private static final Link LINK =
      new Link(
          9,
          "abc",
          TestClicks.OWNER,
          Rules.to("https://example.com/"),
          Link.Notes.NONE,
          4,
          NOW,
          NOW);

  private final EventValidator intake =
      new EventValidator(
          code -> Optional.of(LINK).filter(link -> link.code().equals(code)),
          (owner, address) -> owner.equals(TestClicks.OWNER) && address.equals("198.51.100.7"),
          new Retention(Duration.ofDays(7), Duration.ofDays(730)));

  private Judgement judge(String json) {
    return intake.judge(Json.parse(json.getBytes(StandardCharsets.UTF_8)), NOW);
  }

  private LinkClick accepted(String json) {
    return ((Judgement.Valid) judge(json)).click();
  }

  @Test
  @DisplayName("C11: from the owner's own networks are filtered, and nothing is kept of the client")
  void fromOwnNetworks() {
    var click =
        accepted(
            """
            {"eventId": "e", "shortCode": "abc", "eventTime": "2026-05-03T12:04:30Z",
             "ip": "198.51.100.7", "userAgent": "Agent/1", "referrer": "https://example.org/"}""");

    assertThat(click.mode()).isEqualTo(TrackingMode.OWN_TRAFFIC);
    assertThat(click.client()).isEqualTo(LinkClick.Client.UNKNOWN);
  }

  @Test
  @DisplayName("are accepted as S1 defines them")
  void areTakenAsS1WritesThem() {
    var click =
        accepted(
            """
            {"eventId": "e1", "shortCode": "abc", "eventTime": "2026-05-03T12:00:01Z", "requestId": "r1",
             "referrer": "https://example.com/path?mail=x", "userAgent": "A", "ip": "203.0.113.10", "extra": {"a": 1}}""");

    assertThat(click.identity()).isEqualTo(Identity.Collected.of(TestClicks.OWNER, "e1"));
    assertThat(click.subject()).isEqualTo(LINK.subject());
    assertThat(click.at()).isEqualTo("2026-05-03T12:00:01Z");
    assertThat(click.receivedAt()).isEqualTo(NOW);
    assertThat(click.client().address()).isEqualTo("203.0.113.10");
    assertThat(click.client().referrer()).isEqualTo("https://example.com/path");
  }

  @Test
  @DisplayName("without an id are identified by request, code and time")
  void withoutAnIdAreKnownByRequest() {
    var one = "{\"shortCode\":\"abc\",\"requestId\":\"r1\",\"eventTime\":\"2026-05-03T12:00:01Z\"}";
    var same =
        "{\"shortCode\":\"abc\",\"requestId\":\"r1\",\"eventTime\":\"2026-05-03T14:00:01+02:00\"}";
    var other =
        "{\"shortCode\":\"abc\",\"requestId\":\"r1\",\"eventTime\":\"2026-05-03T12:00:02Z\"}";

    assertThat(accepted(one).identity()).isEqualTo(accepted(same).identity());
    assertThat(accepted(one).identity()).isNotEqualTo(accepted(other).identity());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | NOT_AN_OBJECT",
        "{\"eventId\":\"e\",\"eventTime\":\"2026-05-03T12:00:00Z\"} | UNKNOWN_LINK",
        "{\"shortCode\":\"xyz\",\"eventId\":\"e\",\"eventTime\":\"2026-05-03T12:00:00Z\"} | UNKNOWN_LINK",
        "{\"shortCode\":\"abc\",\"eventTime\":\"2026-05-03T12:00:00Z\"} | MISSING_ID",
        "{\"shortCode\":\"abc\",\"eventId\":\"a b\",\"eventTime\":\"2026-05-03T12:00:00Z\"} | INVALID_ID",
        "{\"shortCode\":\"abc\",\"eventId\":\"e\"} | INVALID_TIME",
        "{\"shortCode\":\"abc\",\"eventId\":\"e\",\"eventTime\":\"2026-05-03T12:00:00\"} | INVALID_TIME",
        "{\"shortCode\":\"abc\",\"eventId\":\"e\",\"eventTime\":1777810000000} | INVALID_FIELD",
        "{\"shortCode\":\"abc\",\"eventId\":\"e\",\"eventTime\":\"2026-05-03T12:10:01Z\"} | IN_FUTURE",
        "{\"shortCode\":\"abc\",\"eventId\":\"e\",\"eventTime\":\"1970-01-01T00:00:00Z\"} | TOO_OLD",
        "{\"shortCode\":\"abc\",\"eventId\":\"e\",\"eventTime\":\"2026-05-03T12:00:00Z\",\"ip\":\"host\"} | INVALID_FIELD",
        "{\"shortCode\":\"abc\",\"eventId\":\"e\",\"eventTime\":\"2026-05-03T12:00:00Z\",\"userAgent\":5} | INVALID_FIELD"
      })
  @DisplayName("are rejected alone, with a reason")
  void areRejectedAlone(String json, EventValidator.RejectionReason reason) {
    assertThat(((Judgement.Invalid) judge(json)).reason()).isEqualTo(reason);
  }
}
