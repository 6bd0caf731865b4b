package clicktide.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A click in a list of newest clicks. A list is a text of such entries in ASCII: the time in
 * milliseconds as digits of base 36, the code, and the id of the values as such digits. {@code
 * code} is the code itself, or a reference to a {@link SharedText} if it is long or unusual. The
 * width is fixed, so a list is shortened without being read.
 */
record ClickEntry(int partition, Instant at, String code, String values) {
  private static final int BASE = 36;
  private static final int TIME_DIGITS = 8; // until 2059
  private static final String REFERENCE = "#"; // begins no code that stands in an entry

  /** The digits of an id, which is an unsigned number of 64 bits. */
  static final int ID_DIGITS = 13;

  private static final int CODE_WIDTH = 1 + ID_DIGITS; // padded with spaces
  private static final int VALUES = TIME_DIGITS + CODE_WIDTH;

  /** The characters of an entry. */
  static final int WIDTH = VALUES + ID_DIGITS;

  private static final Pattern FORM =
      Pattern.compile(
          "[0-9a-z]{%d}[ -~]{%d}[0-9a-z]{%d}".formatted(TIME_DIGITS, CODE_WIDTH, ID_DIGITS));

  /** Returns true if a code stands in its entries itself. */
  static boolean holds(String code) {
    for (var i = 0; i < code.length(); i++) { // for each click, so without a stream
      if (code.charAt(i) <= ' ' || code.charAt(i) > '~') {
        return false;
      }
    }
    return code.length() <= CODE_WIDTH && !code.startsWith(REFERENCE);
  }

  /** Returns the reference to a code that does not stand in its entries. */
  static String reference(SharedText code) {
    return REFERENCE + code.digits();
  }

  /** {@code code} is a code that an entry holds, or a reference. */
  static String write(Instant at, String code, SharedText values) {
    var entry = new byte[WIDTH]; // made for each click, so without texts in between
    Arrays.fill(entry, (byte) ' ');
    writeDigits(at.toEpochMilli(), TIME_DIGITS, entry);
    write(code, entry, TIME_DIGITS);
    write(values.digits(), entry, VALUES);
    return new String(entry, StandardCharsets.US_ASCII);
  }

  private static void write(String text, byte[] entry, int offset) {
    for (var i = 0; i < text.length(); i++) {
      entry[offset + i] = (byte) text.charAt(i);
    }
  }

  /** Returns the last digits of an unsigned number, since a longer text would move all entries. */
  static String digits(long number, int count) {
    var digits = new byte[count];
    writeDigits(number, count, digits);
    return new String(digits, StandardCharsets.US_ASCII);
  }

  private static void writeDigits(long number, int count, byte[] to) {
    var rest = number;
    for (var i = count - 1; i >= 0; i--) {
      to[i] = (byte) Character.forDigit((int) Long.remainderUnsigned(rest, BASE), BASE);
      rest = Long.divideUnsigned(rest, BASE);
    }
  }

  /** Returns empty for a text that is not an entry. */
  static Optional<ClickEntry> read(int partition, String text) {
    if (!FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new ClickEntry(
            partition,
            Instant.ofEpochMilli(Long.parseLong(text, 0, TIME_DIGITS, BASE)),
            text.substring(TIME_DIGITS, VALUES).stripTrailing(),
            text.substring(VALUES)));
  }

  /** Returns the id of a code that the entry refers to. */
  Optional<String> codeId() {
    return code.startsWith(REFERENCE) ? Optional.of(code.substring(1)) : Optional.empty();
  }
}
