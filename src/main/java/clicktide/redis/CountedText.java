package clicktide.redis;

import clicktide.bus.LiveIncrement;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import java.time.Instant;
import java.util.ArrayList;

/**
 * The published form of {@link LiveIncrement}: numbers with spaces between them, since a script
 * passes it on without looking at it.
 */
final class CountedText {
  private CountedText() {}

  static String write(LiveIncrement counted) {
    var text =
        new StringBuilder()
            .append(counted.incarnation())
            .append(' ')
            .append(counted.partition())
            .append(' ')
            .append(counted.from())
            .append(' ')
            .append(counted.to())
            .append(' ')
            .append(counted.watermark().toEpochMilli());
    for (var increment : counted.increments()) {
      text.append(' ')
          .append(increment.link())
          .append(' ')
          .append(increment.owner().number())
          .append(' ')
          .append(increment.minute().number())
          .append(' ')
          .append(increment.clicks());
    }
    return text.toString();
  }

  static LiveIncrement read(String text) {
    var words = text.split(" ", -1);
    var increments = new ArrayList<LiveIncrement.Increment>();
    for (var i = 5; i + 3 < words.length; i += 4) {
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
