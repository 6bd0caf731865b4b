package clicktide.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeTest {
  @Test
  void randomCodesAreValidAndDiffer() {
    var random = new Random(7);
    var codes = new HashSet<String>();
    for (var i = 0; i < 1_000; i++) {
      codes.add(Code.random(random));
    }
    assertThat(codes).hasSize(1_000).allMatch(Code::isValid).allMatch(code -> code.length() >= 7);
  }

  @Test
  void codesOnDomains() {
    var code = Code.on("sale", "go.example");
    assertThat(code).isEqualTo("sale@go.example").matches(Code::isForLink);
    assertThat(Code.name(code)).isEqualTo("sale");
    assertThat(Code.domain(code)).contains("go.example");
    assertThat(Code.domain("sale")).isEmpty();
    for (var page :
        new String[] {Domain.frontCode("go.example"), Domain.unknownCode("go.example")}) {
      assertThat(page).matches(Code::isValid);
      assertThat(Code.isForLink(page)).isFalse();
      assertThat(Code.domain(page)).contains("go.example");
    }
    assertThat(DomainName.parse("GO.Bücher.example")).contains("go.xn--bcher-kva.example");
    for (var none : new String[] {"", "a b", "10.0.0.1", "[::1]", "go.example:80", "a/b", "-"}) {
      assertThat(DomainName.parse(none)).as(none).isEmpty();
    }
    var publicUrl = URI.create("http://localhost:8080");
    assertThat(DomainName.shortUrl(publicUrl, code)).isEqualTo("http://go.example:8080/sale");
    assertThat(DomainName.shortUrl(publicUrl, "sale")).isEqualTo("http://localhost:8080/sale");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a/b",
        "a.b",
        "ａｂｃ",
        "%2e",
        "abc;x=1",
        "a\u0000b",
        "123456789012345678901234567890123",
        "a@",
        "a@b@c",
        "a b@go.example",
        "a@GO.example",
        "a@go.example/",
        "**@go.example"
      })
  void whatIsNoCodeIsRefused(String text) {
    assertThat(Code.isValid(text)).isFalse();
  }
}
