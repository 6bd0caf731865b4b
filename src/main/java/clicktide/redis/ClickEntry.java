package clicktide.redis;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A click in a list of newest clicks. A list is a text of such entries: the time in milliseconds
 * and the ids of two {@link SharedText}s, as digits of base 36. The width is fixed, so a list is
 * shortened without being read.
 */
record ClickEntry(int partition, Instant at, String code, String values) {
  private static final int BASE = 36;
  private static final int TIME_DIGITS = 8; // until 2059

  /** The digits of an id, which is an unsigned number of 64 bits. */
  static final int ID_DIGITS = 13;

  /** The characters of an entry. */
  static final int WIDTH = TIME_DIGITS + 2 * ID_DIGITS;

  private static final Pattern FORM = Pattern.compile("[0-9a-z]{" + WIDTH + "}");

  static String write(Instant at, SharedText code, SharedText values) {
    return digits(at.toEpochMilli(), TIME_DIGITS) + code.digits() + values.digits();
  }

  /** Returns the last digits of an unsigned number, since a longer text would move all entries. */
  static String digits(long number, int count) {
    var digits = new char[count];
    var rest = number;
    for (var i = count - 1; i >= 0; i--) {
      digits[i] = Character.forDigit((int) Long.remainderUnsigned(rest, BASE), BASE);
      rest = Long.divideUnsigned(rest, BASE);
    }
    return new String(digits);
  }

  /** Returns empty for a text that is not an entry. */
  static Optional<ClickEntry> read(int partition, String text) {
    if (!FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    var values = WIDTH - ID_DIGITS;
    return Optional.of(
        new ClickEntry(
            partition,
            Instant.ofEpochMilli(Long.parseLong(text, 0, TIME_DIGITS, BASE)),
            text.substring(TIME_DIGITS, values),
            text.substring(values)));
  }
}
