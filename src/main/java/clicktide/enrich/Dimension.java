package clicktide.enrich;

import clicktide.event.LinkClick;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The catalogue of dimensions that clicks are counted by (F4). A dimension has a permanent id, a
 * source of its value, a bound for the number of values, and a column in the base rows. No
 * dimension is on the hot path, because the last hour is counted by link alone. A new dimension is
 * one entry with the next free id and a migration that adds its column. An id is stored in the
 * dictionary and is never used again.
 */
public enum Dimension {
  COUNTRY(0, Values.CLOSED, (_, findings) -> findings.location().country()),
  REGION(1, Values.CLOSED, (_, findings) -> findings.location().region()),
  DEVICE(2, Values.CLOSED, (_, findings) -> findings.agent().device()),
  BROWSER(3, Values.OPEN, (_, findings) -> findings.agent().browser()),
  OS(4, Values.OPEN, (_, findings) -> findings.agent().os()),
  REFERRER(5, Values.OPEN, (_, findings) -> findings.referrer()),
  SOURCE(6, Values.OPEN, (click, _) -> click.campaign().source()),
  MEDIUM(7, Values.OPEN, (click, _) -> click.campaign().medium()),
  CAMPAIGN(8, Values.OPEN, (click, _) -> click.campaign().name()),
  VIA(9, Values.CLOSED, (click, _) -> click.via().name().toLowerCase(Locale.ROOT)),
  TRAFFIC(10, Values.CLOSED, (_, findings) -> findings.traffic().key()),
  HOST(11, Values.OPEN, (click, _) -> withoutPort(click.client().host())),
  STATUS(12, Values.CLOSED, (click, _) -> Integer.toString(click.target().status())),
  DESTINATION(13, Values.OPEN, (click, _) -> click.target().host()),
  BOT(14, Values.CLOSED, (_, findings) -> findings.bot().key()),
  RULES(15, Values.CLOSED, (_, findings) -> findings.rules());

  /** The dimensions with values that senders choose. */
  public static final List<Dimension> OPEN =
      Arrays.stream(values()).filter(dimension -> dimension.values == Values.OPEN).toList();

  /** The value that replaces all values above the bound of an open dimension. */
  public static final String OTHER = "__other__";

  /** How many values a dimension may have. */
  private enum Values {
    /** A published list. */
    CLOSED,
    /** Any text of a sender, hence bounded for each link and day. */
    OPEN
  }

  private final int id;
  private final Values values;
  private final BiFunction<LinkClick, Findings, String> value;

  Dimension(int id, Values values, BiFunction<LinkClick, Findings, String> value) {
    this.id = id;
    this.values = values;
    this.value = value;
  }

  /** Returns the permanent id that the stores keep. */
  public int id() {
    return id;
  }

  /** Returns the dimension with a stored id. */
  public static Optional<Dimension> withId(int id) {
    return Arrays.stream(values()).filter(dimension -> dimension.id == id).findFirst();
  }

  /** Returns the position in {@link ClickValues}. Unlike the id it is never stored. */
  @SuppressWarnings("EnumOrdinal") // the list has the order of this enum
  public int index() {
    return ordinal();
  }

  /** Returns the value of a click, empty if it has none. */
  String of(LinkClick click, Findings findings) {
    return value.apply(click, findings);
  }

  private static String withoutPort(String host) {
    var end = host.length();
    while (end > 0 && host.charAt(end - 1) >= '0' && host.charAt(end - 1) <= '9') {
      end--;
    }
    var hasPort = end > 0 && host.charAt(end - 1) == ':';
    return (hasPort ? host.substring(0, end - 1) : host).toLowerCase(Locale.ROOT);
  }

  /** Returns the name in the API. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the column of the base rows. */
  public String column() {
    return this == BOT ? "bot_class" : key(); // the column bot counts the clicks of bots
  }

  /** Returns the dimension with a name of the API. */
  public static Optional<Dimension> named(String key) {
    return Arrays.stream(values()).filter(dimension -> dimension.key().equals(key)).findFirst();
  }
}
