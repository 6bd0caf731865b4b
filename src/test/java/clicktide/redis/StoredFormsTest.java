package clicktide.redis;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.bus.LiveIncrement;
import clicktide.bus.LiveIncrement.Increment;
import clicktide.enrich.ClickValues;
import clicktide.enrich.Dimension;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.store.RecentClicks.RecentClick;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Texts in Redis: written as JSON, read in the earlier form, never misread")
class StoredFormsTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00.123Z");

  private final LiveIncrement increment =
      new LiveIncrement(
          "an incarnation",
          3,
          100,
          (1L << 53) + 1,
          AT,
          List.of(
              new Increment(Long.MAX_VALUE, new OwnerId(7), new Minute(29_000_000), -2),
              new Increment(5, new OwnerId(-8), new Minute(29_000_001), 4)));

  @Test
  @DisplayName("an increment is read as it was written")
  void anIncrementIsRead() {
    assertThat(IncrementMessage.read(IncrementMessage.write(increment))).contains(increment);
  }

  @Test
  @DisplayName("an increment of an earlier version is read")
  void anEarlierIncrementIsRead() {
    assertThat(IncrementMessage.read("abc 3 100 110 1777809600123 5 7 29000000 1 6 7 29000001 -2"))
        .contains(
            new LiveIncrement(
                "abc",
                3,
                100,
                110,
                AT,
                List.of(
                    new Increment(5, new OwnerId(7), new Minute(29_000_000), 1),
                    new Increment(6, new OwnerId(7), new Minute(29_000_001), -2))));
    assertThat(IncrementMessage.read("abc 3 100 110 1777809600123")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc 3 100",
        "abc 3 100 110 1777809600123 5 7 29000000",
        "protobuf AAAA",
        "{}",
        "{\"form\":2}",
        "{\"form\":1,\"incarnation\":\"i\"",
        "[1]"
      })
  @DisplayName("an increment in an unknown form is not read")
  void anUnknownIncrementIsNotRead(String text) {
    assertThat(IncrementMessage.read(text)).isEmpty();
  }

  @Test
  @DisplayName("a field that a newer version has added is left out, another form is not read")
  void aNewerIncrement() {
    var text = IncrementMessage.write(increment);

    assertThat(IncrementMessage.read(text.replace("{\"form\":1", "{\"new\":[1],\"form\":1")))
        .contains(increment);
    assertThat(IncrementMessage.read(text.replace("{\"form\":1", "{\"form\":2"))).isEmpty();
    assertThat(IncrementMessage.read(text.replace("\"minutes\":[29000000,", "\"minutes\":[")))
        .isEmpty();
  }

  private static List<String> values() {
    var values = new ArrayList<>(Collections.nCopies(Dimension.values().length, ""));
    values.set(Dimension.COUNTRY.index(), "DE");
    values.set(Dimension.CAMPAIGN.index(), "\"spring\" \\ ü 😀");
    return values;
  }

  @Test
  @DisplayName("a recent click is read as it was written")
  void aRecentClickIsRead() {
    for (var code : List.of("code", "\"\\\u0000 ü 😀", "")) {
      var text = new RecentClickText().write(AT, code, ClickValues.of(values()));

      assertThat(RecentClickText.read(text)).contains(new RecentClick(AT, code, values()));
    }
  }

  @Test
  @DisplayName("a recent click of an earlier version is read, with fewer dimensions too")
  void anEarlierRecentClickIsRead() {
    var words = AT.toEpochMilli() + "\u001fcode\u001fDE" + "\u001f".repeat(7);

    assertThat(RecentClickText.read(words + "\u001fspring" + "\u001f".repeat(7)))
        .map(click -> click.values().get(Dimension.CAMPAIGN.index()))
        .contains("spring");
    assertThat(RecentClickText.read(words))
        .map(RecentClick::values)
        .hasValueSatisfying(
            values -> assertThat(values).hasSize(Dimension.values().length).startsWith("DE", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "x\u001fcode\u001fDE", "{\"form\":2}", "{\"form\":1}", "{"})
  @DisplayName("a recent click in an unknown form is not read")
  void anUnknownRecentClickIsNotRead(String text) {
    assertThat(RecentClickText.read(text)).isEmpty();
  }
}
