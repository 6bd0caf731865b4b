package clicktide.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("C6: files that an operator replaces while the product runs")
class OperatorFilesTest {
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("81.2.69.142");

  @TempDir private Path folder;
  private Instant now = Instant.parse("2026-05-03T12:00:00Z");
  private final InstantSource clock = () -> now;

  @Test
  @DisplayName("countries come from a new GeoIP file, whose day is the version")
  void countriesComeFromTheNewFile() throws IOException {
    var file = folder.resolve("geoip.mmdb");
    Files.write(file, TinyGeoIp.allIn("DE", "BE", Instant.parse("2026-01-02T00:00:00Z")));
    var places = new GeoIp(file, clock);
    assertThat(places.of(ADDRESS).country()).isEqualTo("DE");
    assertThat(places.of(ADDRESS).region()).isEqualTo("BE");
    assertThat(places.version()).isEqualTo("20260102");

    replace(file, TinyGeoIp.allIn("FR", "75", Instant.parse("2026-02-03T00:00:00Z")));
    assertThat(places.of(ADDRESS).country()).isEqualTo("DE"); // nobody has looked yet
    now = now.plusSeconds(11);

    assertThat(places.of(ADDRESS).country()).isEqualTo("FR");
    assertThat(places.version()).isEqualTo("20260203");
  }

  @Test
  @DisplayName("a damaged or missing file leaves the old content, and a good one replaces it")
  void aDamagedFileLeavesWhatWasKnown() throws IOException {
    var file = folder.resolve("geoip.mmdb");
    Files.write(file, TinyGeoIp.allIn("DE", "BE", now));
    var places = new GeoIp(file, clock);

    Files.writeString(file, "half a da"); // in place, as a copy does it
    now = now.plusSeconds(11);
    assertThat(places.of(ADDRESS).country()).isEqualTo("DE");
    Files.delete(file);
    now = now.plusSeconds(11);
    assertThat(places.of(ADDRESS).country()).isEqualTo("DE");
    Files.write(file, TinyGeoIp.allIn("FR", "75", now));
    now = now.plusSeconds(11);

    assertThat(places.of(ADDRESS).country()).isEqualTo("FR");
  }

  @Test
  @DisplayName("a first file that is no database is refused")
  void aFirstFileHasToBeOne() throws IOException {
    var file = Files.writeString(folder.resolve("geoip.mmdb"), "nonsense");

    assertThatThrownBy(() -> new GeoIp(file, clock)).isInstanceOf(IOException.class);
  }

  @Test
  @DisplayName("patterns of the operator come before all others, in their order")
  void patternsGoFirst() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("patterns"),
            """
            # ours
            none     acme-kiosk/\\d+
            monitor  ^acme-
            """);
    var patterns = BotPatterns.read(file, clock);

    assertThat(of(patterns, "Acme-Kiosk/3")).contains(BotClass.NONE);
    assertThat(of(patterns, "ACME-watch")).contains(BotClass.MONITOR);
    assertThat(of(patterns, "curl/8 acme-watch")).isEmpty();
    var before = patterns.version();
    replace(file, "crawler acme\n".getBytes(StandardCharsets.UTF_8));
    now = now.plusSeconds(11);
    assertThat(of(patterns, "acme-watch")).contains(BotClass.CRAWLER);
    assertThat(patterns.version()).hasSize(8).isNotEqualTo(before);
  }

  @Test
  @DisplayName("networks of the operator are rules like patterns, and the first line decides")
  void networksAreRules() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("patterns"),
            """
            none     81.2.69.128/30
            crawler  81.2.69.142/24
            library  2001:db8::/32
            monitor  acme
            """);
    var patterns = BotPatterns.read(file, clock);

    assertThat(patterns.of("Mozilla", Optional.of(ADDRESS))).contains(BotClass.CRAWLER);
    assertThat(patterns.of("acme", Optional.of(ADDRESS))).contains(BotClass.CRAWLER);
    assertThat(patterns.of("acme", address("81.2.69.130"))).contains(BotClass.NONE);
    assertThat(patterns.of("acme", address("81.2.70.1"))).contains(BotClass.MONITOR);
    assertThat(patterns.of("Mozilla", address("2001:db8:1::1"))).contains(BotClass.LIBRARY);
    assertThat(patterns.of("Mozilla", address("2001:db9::1"))).isEmpty();
    assertThat(patterns.of("Mozilla", Optional.empty())).isEmpty();
  }

  private static Optional<InetAddress> address(String literal) {
    return Optional.of(InetAddress.ofLiteral(literal));
  }

  private static Optional<BotClass> of(BotPatterns patterns, String userAgent) {
    return patterns.of(userAgent, Optional.empty());
  }

  @Test
  @DisplayName("the message names a wrong line; a running product keeps the old lines")
  void aWrongLineIsNamed() throws IOException {
    var file = Files.writeString(folder.resolve("patterns"), "robot acme\n");
    assertThatThrownBy(() -> BotPatterns.read(file, clock)).hasMessageContaining("line 1");
    Files.writeString(file, "crawler acme\ncrawler 10.0.0.0/33\n");
    assertThatThrownBy(() -> BotPatterns.read(file, clock)).hasMessageContaining("line 2");
    Files.writeString(file, "crawler acme\n");
    var patterns = BotPatterns.read(file, clock);

    Files.writeString(file, "crawler other\ncrawler [\n");
    now = now.plusSeconds(11);

    assertThat(of(patterns, "acme")).contains(BotClass.CRAWLER);
  }

  @Test
  @DisplayName("C6: a pattern that takes too many steps on a user agent does not match it")
  void aSlowPatternStops() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("patterns"),
            """
            crawler  (.*,){12}x
            monitor  (x+)+\\1y
            library  !
            """);
    var patterns = BotPatterns.read(file, clock);

    assertThat(of(patterns, ",".repeat(12) + "x")).contains(BotClass.CRAWLER);
    assertThat(of(patterns, "xxxy!")).contains(BotClass.MONITOR);
    assertThat(of(patterns, ",".repeat(400) + "!")).contains(BotClass.LIBRARY);
    assertThat(of(patterns, "x".repeat(400) + "!")).contains(BotClass.LIBRARY);
    assertThat(of(patterns, "x".repeat(400))).isEmpty();
  }

  private void replace(Path file, byte[] bytes) throws IOException {
    var part = Files.write(folder.resolve("part"), bytes);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
