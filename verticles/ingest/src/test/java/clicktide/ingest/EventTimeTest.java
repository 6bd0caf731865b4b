package clicktide.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B1: times of events")
class EventTimeTest {
  private static final long SEED = 11;

  private static Optional<Instant> read(Function<String, Instant> parser, String text) {
    try {
      return Optional.of(parser.apply(text));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static void compare(String text) {
    assertThat(read(EventTime::parse, text))
        .as("\"%s\", seed %d", text, SEED)
        .isEqualTo(read(time -> OffsetDateTime.parse(time).toInstant(), text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-05-03",
        "2026-05-03T12:00Z",
        "2026-05-03T12:00:00",
        "2026-05-03T12:00:00Z",
        "2026-05-03T12:00:00.Z",
        "2026-05-03T12:00:00.1Z",
        "2026-05-03T12:00:00.123456789Z",
        "2026-05-03T12:00:00.1234567891Z",
        "2026-05-03t12:00:00z",
        "2026-05-03 12:00:00Z",
        "2026-05-03T12:00:00+02:00",
        "2026-05-03T24:00:00Z",
        "2026-05-03T23:59:60Z",
        "2026-02-29T00:00:00Z",
        "2024-02-29T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "+12026-01-01T00:00:00Z",
        "2026-05-03T12:00:00.٣Z"
      })
  @DisplayName("are those of the parser of the platform")
  void areThoseOfThePlatform(String text) {
    compare(text);
  }

  @Test
  @DisplayName("are those of the parser of the platform after random changes of a character")
  void areThoseOfThePlatformAfterChanges() {
    var random = new Random(SEED);
    for (var i = 0; i < 20_000; i++) {
      var at =
          Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
      var text = new StringBuilder(at.toString());
      compare(text.toString());
      text.setCharAt(random.nextInt(text.length()), "0123456789TZ:.-+".charAt(random.nextInt(16)));
      compare(text.toString());
    }
  }
}
