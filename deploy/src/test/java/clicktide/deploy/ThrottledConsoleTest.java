package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log on the console")
class ThrottledConsoleTest {
  private static final Instant NOON = Instant.parse("2026-05-03T12:00:00Z");

  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("clicktide.Test");
  private final ThrottledConsole console = new ThrottledConsole();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void start() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%level %msg%n%nopex");
    encoder.start();
    console.setContext(context);
    console.setEncoder(encoder);
    console.start();
    console.setOutputStream(out);
  }

  private void log(int second, Level level, String message, Throwable failure) {
    var event = new LoggingEvent("", logger, level, message, failure, new Object[0]);
    event.setInstant(NOON.plusSeconds(second));
    console.doAppend(event);
  }

  private void warn(int second, String message) {
    log(second, Level.WARN, message, null);
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  @DisplayName("has a failure that repeats once a minute, with a count")
  void oncePerMinute() {
    for (var second = 0; second <= 130; second++) {
      warn(second, "Redis does not answer: 127.0.0.1:" + (6_000 + second));
    }

    assertThat(lines())
        .containsExactly(
            "WARN Redis does not answer: 127.0.0.1:6000",
            "WARN Redis does not answer: 127.0.0.1:6060 (and 59 times before)",
            "WARN Redis does not answer: 127.0.0.1:6120 (and 59 times before)");
  }

  @Test
  @DisplayName("has each failure of another place, and each line of another level")
  void others() {
    warn(0, "Redis does not answer");
    warn(1, "Kafka does not answer");
    log(2, Level.ERROR, "A request failed", new IllegalStateException("a"));
    log(3, Level.ERROR, "A request failed", new IllegalArgumentException("a"));
    log(4, Level.INFO, "The live sink follows 12 partitions", null);
    log(5, Level.INFO, "The live sink follows 12 partitions", null);

    assertThat(lines()).hasSize(6);
  }

  @Test
  @DisplayName("is the only output of the product")
  void isConfigured() throws Exception {
    var configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(ThrottledConsoleTest.class.getResource("/logback.xml"));

    assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders())
        .toIterable()
        .singleElement()
        .isInstanceOf(ThrottledConsole.class);
  }
}
