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
import java.util.HashSet;
import java.util.List;
import java.util.Random;
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
  @DisplayName("the texts of a click are read as they were written, each with one id for ever")
  void textsAreRead() {
    var shared = new SharedTexts();
    for (var code : List.of("code", "\"\\\u0000 ü 😀", "")) {
      var values = shared.values(ClickValues.of(values()));

      assertThat(RecentClickText.read(AT, shared.code(code).text(), values.text()))
          .contains(new RecentClick(AT, code, values()));
    }
    assertThat(shared.values(ClickValues.of(values())).text())
        .isEqualTo("{\"0\":\"DE\",\"8\":\"\\\"spring\\\" \\\\ ü 😀\"}");
    assertThat(shared.code("code").digits()).isEqualTo("1bee4fzokqua2");
  }

  @Test
  @DisplayName("an entry is read as it was written, and every entry has the same width")
  void anEntryIsRead() {
    var values = new SharedText(35, ClickEntry.digits(35, ClickEntry.ID_DIGITS), "");
    var unusual = new SharedText(-1, ClickEntry.digits(-1, ClickEntry.ID_DIGITS), "");
    var reference = ClickEntry.reference(unusual);

    assertThat(ClickEntry.write(AT, reference, values))
        .isEqualTo("moppxmrf#3w5e11264sgsf000000000000z")
        .hasSize(ClickEntry.WIDTH)
        .satisfies(text -> assertThat(read(text).codeId()).contains(unusual.digits()));
    assertThat(ClickEntry.write(AT, "spring-sale", values))
        .isEqualTo("moppxmrfspring-sale   000000000000z")
        .satisfies(
            text ->
                assertThat(read(text))
                    .isEqualTo(new ClickEntry(3, AT, "spring-sale", values.digits())));
    assertThat(read(ClickEntry.write(AT, "", values)).code()).isEmpty();
    assertThat(ClickEntry.write(Instant.EPOCH, "", values)).startsWith("00000000");
    assertThat(ClickEntry.write(Instant.parse("2100-01-01T00:00:00Z"), "", values))
        .hasSize(ClickEntry.WIDTH);
  }

  private static ClickEntry read(String text) {
    return ClickEntry.read(3, text).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "14-characters-", "~!$&'()*+,;=:@"})
  @DisplayName("a usual code stands in its entries")
  void aUsualCode(String code) {
    assertThat(ClickEntry.holds(code)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"15-characters-x", "#", "two words", "end ", "\u00fc", "\u0000", "\u007f"})
  @DisplayName("an unusual code is a text of its own")
  void anUnusualCode(String code) {
    assertThat(ClickEntry.holds(code)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "moppxmrf#3w5e11264sgsf000000000000",
        "-oppxmrf#3w5e11264sgsf000000000000z",
        "MOPPXMRF#3w5e11264sgsf000000000000z",
        "moppxmrfspring-s\u00e4le   000000000000z"
      })
  @DisplayName("a text that is not an entry is not read")
  void anotherTextIsNoEntry(String text) {
    assertThat(ClickEntry.read(3, text)).isEmpty();
  }

  @Test
  @DisplayName(
      "a text that was not sent is never taken for one that was, and another day sends all")
  void sentTexts() {
    var sent = new SentTexts();
    var known = new HashSet<String>();
    var random = new Random(3);
    var again = 0;
    for (var i = 0; i < 100_000; i++) {
      var text = SharedText.of("text " + (int) (random.nextDouble() * random.nextDouble() * 9_000));
      var isNew = sent.add(1, text);
      assertThat(isNew || known.contains(text.text())).isTrue();
      again += isNew && !known.add(text.text()) ? 1 : 0;
    }
    assertThat(again).isLessThan(30_000);
    assertThat(sent.add(1, SharedText.of("last"))).isTrue();
    assertThat(sent.add(1, SharedText.of("last"))).isFalse();
    assertThat(sent.add(2, SharedText.of("last"))).isTrue();
    assertThat(sent.add(1, SharedText.of("last"))).isTrue();
  }

  @Test
  @DisplayName("a recent click of an earlier version is read, with fewer dimensions too")
  void anEarlierRecentClickIsRead() {
    var words = AT.toEpochMilli() + "\u001fcode\u001fDE" + "\u001f".repeat(7);
    var document = "{\"form\":1,\"at\":%d,\"code\":\"code\",\"values\":{\"8\":\"spring\"}}";

    for (var text :
        List.of(
            words + "\u001fspring" + "\u001f".repeat(7), document.formatted(AT.toEpochMilli()))) {
      assertThat(RecentClickText.readEarlier(text))
          .map(click -> click.values().get(Dimension.CAMPAIGN.index()))
          .contains("spring");
    }
    assertThat(RecentClickText.readEarlier(words))
        .map(RecentClick::values)
        .hasValueSatisfying(
            values -> assertThat(values).hasSize(Dimension.values().length).startsWith("DE", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "x\u001fcode\u001fDE", "{\"form\":2}", "{\"form\":1}", "{"})
  @DisplayName("a recent click in an unknown form is not read")
  void anUnknownRecentClickIsNotRead(String text) {
    assertThat(RecentClickText.readEarlier(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "[]", "{"})
  @DisplayName("values in an unknown form are not read")
  void unknownValuesAreNotRead(String text) {
    assertThat(RecentClickText.read(AT, "code", text)).isEmpty();
  }
}
