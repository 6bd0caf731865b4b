package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("G17: access to a link, and the end of a link")
@Timeout(120)
class LinkAccessTest {
  @RegisterExtension static final RunningProduct product = new RunningProduct();

  private static int status(String method, String path, String body) throws Exception {
    return product.status(product.key, method, path, body);
  }

  @Test
  @DisplayName("a link of another owner is answered like a link that does not exist")
  void foreignLinks() throws Exception {
    var code = product.link();
    var stranger = product.newOwner("Ada").key();
    for (var path : List.of("/v1/links/" + code, "/v1/links/%s/analytics".formatted(code))) {
      assertThat(product.status(stranger, "GET", path, "")).isEqualTo(404);
      assertThat(product.status("", "GET", path, "")).isEqualTo(401);
      assertThat(product.status("ct_wrong", "GET", path, "")).isEqualTo(401);
      assertThat(product.status(product.administrator, "GET", path, "")).isEqualTo(200);
    }
    var path = "/v1/links/" + code;
    assertThat(product.status(stranger, "DELETE", path, "")).isEqualTo(404);
    assertThat(product.status(stranger, "PATCH", path, "{\"enabled\":false}")).isEqualTo(404);
    var taken = "{\"destination\":\"https://example.com\",\"code\":\"%s\"}".formatted(code);
    assertThat(status("POST", "/v1/links", taken)).isEqualTo(409);
  }

  @Test
  @DisplayName("a disabled link is 410 and works again after it is enabled; a deleted one is gone")
  void disabledAndDeletedLinks() throws Exception {
    var code = product.link();
    var path = "/v1/links/" + code;
    assertThat(status("PATCH", path, "{\"enabled\":false}")).isEqualTo(200);
    assertThat(product.here.follow(code).statusCode()).isEqualTo(410);
    var enabled = "{\"enabled\":true,\"destination\":\"https://example.com/new\"}";
    var changed = product.ask("PATCH", path, enabled);
    assertThat(RunningProduct.json(changed).path("version").intValue()).isEqualTo(3);
    assertThat(product.here.follow(code).headers().firstValue("location"))
        .contains("https://example.com/new");
    assertThat(status("DELETE", path, "")).isEqualTo(204);
    assertThat(product.here.follow(code).statusCode()).isEqualTo(410);
    assertThat(status("GET", path, "")).isEqualTo(404);
  }
}
