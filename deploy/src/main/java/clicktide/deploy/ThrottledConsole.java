package clicktide.deploy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.ConsoleAppender;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The log on the console. A warning or an error that repeats is written once a minute, with the
 * number of lines that were left out. Lines that differ in numbers only are the same. Logback makes
 * it for {@code logback.xml}.
 */
public final class ThrottledConsole extends ConsoleAppender<ILoggingEvent> {
  private static final long INTERVAL_MILLIS = 60_000;
  private static final int MOST_LINES = 1_000; // that are remembered

  private final Map<LogLine, LastLine> written =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LogLine, LastLine> eldest) {
          return size() > MOST_LINES;
        }
      };

  /** A line without its numbers, and the place of the failure in it. */
  private record LogLine(String logger, String text, String place) {
    private static LogLine of(ILoggingEvent event) {
      var text = event.getFormattedMessage().replaceAll("[0-9]+", "0");
      var failure = event.getThrowableProxy();
      if (failure == null) {
        return new LogLine(event.getLoggerName(), text, "");
      }
      var frames = failure.getStackTraceElementProxyArray();
      var place = failure.getClassName() + (frames.length == 0 ? "" : frames[0]);
      return new LogLine(event.getLoggerName(), text, place);
    }
  }

  /** The time in which a line was written last, and the number of lines left out since. */
  private record LastLine(long at, int leftOut) {}

  @Override
  protected void append(ILoggingEvent event) {
    throttled(event).ifPresent(super::append);
  }

  private synchronized Optional<ILoggingEvent> throttled(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
      return Optional.of(event);
    }
    var line = LogLine.of(event);
    var last = written.get(line);
    if (last != null && event.getTimeStamp() - last.at < INTERVAL_MILLIS) {
      written.put(line, new LastLine(last.at, last.leftOut + 1));
      return Optional.empty();
    }
    written.remove(line);
    written.put(line, new LastLine(event.getTimeStamp(), 0)); // as the newest
    return Optional.of(last == null || last.leftOut == 0 ? event : counted(event, last.leftOut));
  }

  private static ILoggingEvent counted(ILoggingEvent event, int leftOut) {
    var copy = new LoggingEvent();
    copy.setLoggerName(event.getLoggerName());
    copy.setLevel(event.getLevel());
    copy.setThreadName(event.getThreadName());
    copy.setMDCPropertyMap(event.getMDCPropertyMap());
    copy.setInstant(event.getInstant());
    copy.setMessage("%s (and %,d times before)".formatted(event.getFormattedMessage(), leftOut));
    if (event.getThrowableProxy() instanceof ThrowableProxy failure) {
      copy.setThrowableProxy(failure);
    }
    return copy;
  }
}
