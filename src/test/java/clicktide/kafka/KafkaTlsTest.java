package clicktide.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.embedded.TestCertificates;
import clicktide.embedded.TestServers;
import clicktide.embedded.TlsKafka;
import clicktide.settings.Settings;
import clicktide.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A Kafka with TLS and a login")
@Timeout(120)
class KafkaTlsTest {
  @TempDir Path folder;

  @Test
  @DisplayName("is reached with the authority and the password, and not without one of them")
  void isReached() throws Exception {
    var certificates = TestCertificates.in(folder.resolve("certificates"));
    var others = TestCertificates.in(folder.resolve("others"));
    try (var kafka = TlsKafka.start(folder, certificates)) {
      var right = kafka.settings(certificates.authorities());
      assertThat(topic(right).partitions()).isEqualTo(2);

      var wrong = new HashMap<>(right);
      wrong.put("CLICKTIDE_KAFKA_PASSWORD", "another password");
      assertThatThrownBy(() -> topic(wrong))
          .hasRootCauseInstanceOf(SaslAuthenticationException.class);
      assertThatThrownBy(() -> topic(kafka.settings(others.authorities())))
          .hasStackTraceContaining(SslAuthenticationException.class.getName());
    }
  }

  private static Topic topic(Map<String, String> settings) throws InterruptedException {
    return Topic.ready(
        Settings.from(settings, List.of()).kafka().orElseThrow(),
        TestServers.freshName("events"),
        new Topic.Shape(2, 1, Duration.ofDays(1)),
        TimeSource.system());
  }
}
