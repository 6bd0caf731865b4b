package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The files of the dashboard")
@Timeout(120)
class StaticPagesTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  @Test
  @DisplayName("the page and its assets need no key and have a content security policy and an ETag")
  void assets() throws Exception {
    for (var path : List.of("/", "/ui/app.js", "/ui/style.css")) {
      var response = product.here.api("", "GET", path, "");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("content-security-policy")).isPresent();
      var etag = response.headers().firstValue("etag").orElseThrow();
      assertThat(product.here.api("", "GET", path, "", "If-None-Match", etag).statusCode())
          .isEqualTo(304);
    }
    assertThat(product.here.api("", "GET", "/ui/none.js", "").statusCode()).isEqualTo(404);
  }
}
