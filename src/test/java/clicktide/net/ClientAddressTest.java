package clicktide.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Client addresses")
class ClientAddressTest {
  private final ClientAddress addresses =
      new ClientAddress(
          List.of(
              Network.parse("10.0.0.0/8").orElseThrow(), Network.parse("fd00::/8").orElseThrow()));

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "-",
      value = {
        "203.0.113.5; 1.2.3.4; 203.0.113.5",
        "10.0.0.1; -; 10.0.0.1",
        "10.0.0.1; 1.2.3.4; 1.2.3.4",
        "10.0.0.1; 9.9.9.9, 1.2.3.4; 1.2.3.4",
        "10.0.0.1; 9.9.9.9, 1.2.3.4, 10.9.9.9; 1.2.3.4",
        "10.0.0.1; 10.0.0.2, 10.0.0.3; 10.0.0.2",
        "10.0.0.1; 1.2.3.4:5678; 1.2.3.4",
        "10.0.0.1; [2001:db8::1]:4711; 2001:db8:0:0:0:0:0:1",
        "10.0.0.1; 2001:db8::1; 2001:db8:0:0:0:0:0:1",
        "10.0.0.1; ::ffff:1.2.3.4; 1.2.3.4",
        "10.0.0.1; 1.2.3.4, unknown; 10.0.0.1",
        "10.0.0.1; _hidden; 10.0.0.1",
        "10.0.0.1; fe80::1%eth0; 10.0.0.1",
        "10.0.0.1; [::1; 10.0.0.1",
        "10.0.0.1; ',,,'; 10.0.0.1",
        "fd00::1; 1.2.3.4; 1.2.3.4"
      })
  @DisplayName("are the right-most entry that is not trusted")
  void areTheRightMostUntrustedEntry(String peer, String forwarded, String client) {
    assertThat(addresses.of(peer, forwarded == null ? List.of() : List.of(forwarded)))
        .isEqualTo(client);
  }

  @Test
  @DisplayName("of long headers are read from the right, and several headers are one list")
  void ofLongHeadersAreReadFromTheRight() {
    assertThat(addresses.of("10.0.0.1", List.of("1.2.3.4, " + "x".repeat(2_000))))
        .isEqualTo("10.0.0.1");
    assertThat(addresses.of("10.0.0.1", List.of("x".repeat(2_000) + ", 1.2.3.4")))
        .isEqualTo("1.2.3.4");
    assertThat(addresses.of("10.0.0.1", List.of("9.9.9.9,".repeat(300) + "1.2.3.4, 10.0.0.2")))
        .isEqualTo("1.2.3.4");
    assertThat(addresses.of("10.0.0.1", List.of("9.9.9.9" + ", 10.0.0.2".repeat(30))))
        .isEqualTo("10.0.0.2");
    assertThat(addresses.of("10.0.0.1", List.of("9.9.9.9", "1.2.3.4"))).isEqualTo("1.2.3.4");
  }
}
