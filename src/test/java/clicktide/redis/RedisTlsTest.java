package clicktide.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.embedded.TestCertificates;
import clicktide.embedded.TestServers;
import clicktide.embedded.TlsProxy;
import clicktide.settings.Settings;
import clicktide.store.DeploymentName;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A Redis with TLS")
@Timeout(60)
class RedisTlsTest {
  private final Vertx vertx = Vertx.vertx();
  @TempDir Path folder;

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  @DisplayName("is reached with its authority and its host name, and not without one of them")
  void isReached() throws Exception {
    var certificates = TestCertificates.in(folder.resolve("certificates"));
    var others = TestCertificates.in(folder.resolve("others"));
    var plain = URI.create(TestServers.endpoints().redis());
    try (var proxy = TlsProxy.to(plain.getPort(), certificates)) {
      var address = "rediss://127.0.0.1:" + proxy.port();
      var password = plain.getUserInfo().substring(1);

      assertThat(ping(address, password, certificates)).isEqualTo("PONG");
      assertThatThrownBy(() -> ping(address, password, others))
          .isInstanceOf(SSLHandshakeException.class);
      assertThatThrownBy(() -> ping("rediss://localhost:" + proxy.port(), password, certificates))
          .isInstanceOf(SSLHandshakeException.class);
    }
  }

  private String ping(String address, String password, TestCertificates certificates) {
    var settings =
        Map.of(
            "CLICKTIDE_REDIS", address,
            "CLICKTIDE_REDIS_PASSWORD", password,
            "CLICKTIDE_REDIS_CA", certificates.authorities().toString());
    var redis =
        new RedisServers(
            vertx, Settings.from(settings, List.of()).redis().orElseThrow(), DeploymentName.NONE);
    return redis.ping().await().toString();
  }
}
