package clicktide.aggregation;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import clicktide.aggregation.kafka.LogPass;
import clicktide.aggregation.kafka.LogSource;
import clicktide.embedded.TestServers;
import clicktide.enrich.EnrichedClick;
import clicktide.kafka.KafkaCluster;
import clicktide.kafka.Topic;
import clicktide.postgres.Database;
import clicktide.postgres.maintenance.DeadLetterShipper;
import clicktide.postgres.maintenance.Refresher;
import clicktide.postgres.maintenance.VisitorKeys;
import clicktide.store.DeadLetters;
import clicktide.store.DeploymentName;
import clicktide.store.Retention;
import clicktide.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@DisplayName("The life cycle of the aggregation")
@Timeout(120)
class AggregationVerticleTest {
  @Test
  @DisplayName("a PostgreSQL that ends before the visitor keys are made does not end the start")
  void waitsForVisitorKeys() {
    var logger = (Logger) LoggerFactory.getLogger(AggregationVerticle.class);
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    logger.addAppender(lines);
    var closed = "postgresql://a:b@127.0.0.1:%d/a".formatted(TestServers.freePort());
    var database = Database.at(URI.create(closed));
    var time = TimeSource.system();
    var verticle =
        new AggregationVerticle(
            new LogPass(
                new LogSource(
                    new KafkaCluster(Map.of()),
                    new Topic("events", "id", 1),
                    DeploymentName.NONE,
                    Path.of("unused"),
                    time),
                EnrichedClick::raw,
                List.of(),
                new SimpleMeterRegistry()),
            new Refresher(
                database,
                new Retention(Duration.ofDays(7), Duration.ofDays(730)),
                time,
                new SimpleMeterRegistry()),
            new DeadLetterShipper(database, DeadLetters.DISCARD),
            new VisitorKeys(database, time, new SecureRandom()));
    var vertx = Vertx.vertx();

    var start = vertx.deployVerticle(verticle);

    eventually("the keys are tried again")
        .until(
            () ->
                new ArrayList<>(lines.list)
                        .stream()
                            .map(ILoggingEvent::getFormattedMessage)
                            .filter(line -> line.startsWith("The visitor keys failed"))
                            .count()
                    >= 2);
    assertThat(start.isComplete()).isFalse();
    logger.detachAppender(lines);
    vertx.close().await();
  }
}
