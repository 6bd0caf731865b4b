package clicktide.link;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.link.Destination.Check;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A7: destinations")
class DestinationTest {
  private final Destination destinations = new Destination("short.example"::equals, false);

  private String check(String text) {
    return switch (destinations.check(text)) {
      case Check.Safe(String url) -> url;
      case Check.Unsafe(String code, String _) -> code;
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "https://example.com https://example.com/",
        "HTTP://EXAMPLE.com/Path?q=1#f http://example.com/Path?q=1#f",
        "https://example.com:8443/a https://example.com:8443/a",
        "https://example.com?q https://example.com/?q",
        "https://ex.com/%zz https://ex.com/%25zz",
        "https://ex.com/a|b{c} https://ex.com/a%7Cb%7Bc%7D",
        "https://ex.com/?a[]=1 https://ex.com/?a[]=1",
        "https://bücher.example/ü https://xn--bcher-kva.example/%C3%BC",
        "https://8.8.8.8/ https://8.8.8.8/",
        "https://[2606:4700::1111]/ https://[2606:4700:0:0:0:0:0:1111]/"
      })
  @DisplayName("are kept in canonical form, ASCII only")
  void areKeptInCanonicalForm(String given, String kept) {
    assertThat(check(given)).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://example.com/x",
        "intent://x",
        "about:blank",
        "//example.com",
        "/relative",
        "example.com",
        "ftp://example.com/"
      })
  @DisplayName("of other schemes are refused")
  void ofOtherSchemesAreRefused(String given) {
    assertThat(check(given)).isEqualTo("scheme_not_allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost/",
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://172.16.9.9/",
        "http://169.254.169.254/latest",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://printer/",
        "http://db.internal/",
        "http://x.localhost/",
        "http://0/",
        "http://127.0.0.1./",
        "http://[::]/"
      })
  @DisplayName("that are private are refused, however they are written")
  void thatArePrivateAreRefused(String given) {
    assertThat(check(given)).isEqualTo("destination_private");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "https://a@evil.com user_info_not_allowed",
        "https://good.com\\@evil.com destination_characters",
        "https://short.example/x destination_is_ours",
        "https://SHORT.example:8080/x destination_is_ours",
        "https://short.example./x destination_is_ours",
        "https:evil.com destination_syntax",
        "https:///evil.com destination_host",
        "https://exa_mple..com destination_syntax",
        "https://example.com:0/ destination_syntax",
        "https://example.com:99999/ destination_syntax",
        "https://1.2.3.4.5/ destination_host",
        "https://[::1 destination_host"
      })
  @DisplayName("that mislead or do not parse are refused")
  void thatMisleadAreRefused(String given, String code) {
    assertThat(check(given)).isEqualTo(code);
  }

  @Test
  @DisplayName("cannot split a header")
  void cannotSplitAHeader() {
    assertThat(check("https://example.com/\r\nSet-Cookie: x=1"))
        .isEqualTo("destination_characters");
    assertThat(check("java\tscript:alert(1)")).isEqualTo("destination_characters");
    assertThat(check("https://example.com/嘍嘊Set-Cookie:x")).matches("[!-~]+");
    assertThat(check("https://example.com/" + "a".repeat(2_048))).isEqualTo("destination_length");
  }

  @Test
  @DisplayName("may be private where the operator says so")
  void mayBePrivateWhereTheOperatorSaysSo() {
    assertThat(new Destination(_ -> false, true).check("http://127.0.0.1:3000/"))
        .isEqualTo(new Check.Safe("http://127.0.0.1:3000/"));
  }
}
