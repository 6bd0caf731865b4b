package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Shares of the ports in the connections of the process")
class PublicPortTest {
  @ParameterizedTest
  @ValueSource(longs = {256, 1_024, 20_000, 1_048_576})
  @DisplayName("leave files for everything else, and every port has room")
  void leaveFiles(long files) {
    var sum = Arrays.stream(PublicPort.values()).mapToLong(p -> p.mostConnections(files)).sum();

    assertThat(sum).isLessThanOrEqualTo(Math.max(files - 1_000, files / 2)).isPositive();
    assertThat(PublicPort.values()).allMatch(port -> port.mostConnections(files) >= 5);
  }

  @Test
  @DisplayName("a port is free on one address while it is taken on another one")
  void aPortIsFreeOnOneAddress() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.2"))) {
      var port = Integer.toString(taken.getLocalPort());
      var flags = List.of("--management-port", port);
      var free = Settings.from(Map.of("CLICKTIDE_BIND", "127.0.0.2"), flags);
      var used = Settings.from(Map.of("CLICKTIDE_MANAGEMENT_BIND", "127.0.0.2"), flags);

      assertThat(PublicPort.MANAGEMENT.address(free).getHostString()).isEqualTo("127.0.0.1");
      assertThat(PublicPort.API.address(free).getHostString()).isEqualTo("127.0.0.2");
      assertThatThrownBy(() -> PublicPort.requireFree(used))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("127.0.0.2:" + port);
    }
  }

  @Test
  @DisplayName("are finite for a process without a limit of files")
  void areFinite() {
    assertThat(PublicPort.values())
        .allMatch(port -> port.mostConnections(Long.MAX_VALUE) == Integer.MAX_VALUE);
  }
}
