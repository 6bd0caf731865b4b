package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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
  @DisplayName("are finite for a process without a limit of files")
  void areFinite() {
    assertThat(PublicPort.values())
        .allMatch(port -> port.mostConnections(Long.MAX_VALUE) == Integer.MAX_VALUE);
  }
}
