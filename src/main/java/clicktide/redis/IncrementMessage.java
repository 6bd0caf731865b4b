package clicktide.redis;

import clicktide.bus.LiveIncrement;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The published form of {@link LiveIncrement}: a JSON document with columns of equal length. A
 * field that is added keeps the number of the form; a change of meaning raises it.
 */
final class IncrementMessage {
  private static final int FORM = 1;

  private IncrementMessage() {}

  private record IncrementDocument(
      int form,
      String incarnation,
      int partition,
      long from,
      long to,
      long watermark,
      List<Long> links,
      List<Long> owners,
      List<Long> minutes,
      List<Long> clicks) {}

  static String write(LiveIncrement increment) {
    var rows = increment.increments();
    return RedisJson.write(
        new IncrementDocument(
            FORM,
            increment.incarnation(),
            increment.partition(),
            increment.from(),
            increment.to(),
            increment.watermark().toEpochMilli(),
            rows.stream().map(LiveIncrement.Increment::link).toList(),
            rows.stream().map(row -> row.owner().number()).toList(),
            rows.stream().map(row -> row.minute().number()).toList(),
            rows.stream().map(LiveIncrement.Increment::clicks).toList()));
  }

  /** Returns empty for a text that this version cannot read exactly. */
  static Optional<LiveIncrement> read(String text) {
    try {
      return text.startsWith("{") ? readDocument(text) : Optional.of(readWords(text));
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private static Optional<LiveIncrement> readDocument(String text) {
    var document = RedisJson.read(text, IncrementDocument.class);
    if (document.form != FORM) {
      return Optional.empty();
    }
    var increments = new ArrayList<LiveIncrement.Increment>();
    for (var row = 0; row < document.links.size(); row++) {
      increments.add(
          new LiveIncrement.Increment(
              document.links.get(row),
              new OwnerId(document.owners.get(row)),
              new Minute(document.minutes.get(row)),
              document.clicks.get(row)));
    }
    return Optional.of(
        new LiveIncrement(
            document.incarnation,
            document.partition,
            document.from,
            document.to,
            Instant.ofEpochMilli(document.watermark),
            increments));
  }

  /**
   * Reads the form of earlier versions, numbers with spaces between them. Their nodes publish it
   * during an upgrade. The release after the first one with JSON can drop it.
   */
  private static LiveIncrement readWords(String text) {
    var words = text.split(" ", -1);
    var increments = new ArrayList<LiveIncrement.Increment>();
    for (var i = 5; i < words.length; i += 4) {
      increments.add(
          new LiveIncrement.Increment(
              Long.parseLong(words[i]),
              new OwnerId(Long.parseLong(words[i + 1])),
              new Minute(Long.parseLong(words[i + 2])),
              Long.parseLong(words[i + 3])));
    }
    return new LiveIncrement(
        words[0],
        Integer.parseInt(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]),
        Instant.ofEpochMilli(Long.parseLong(words[4])),
        increments);
  }
}
