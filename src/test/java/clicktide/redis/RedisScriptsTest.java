package clicktide.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.embedded.TestServers;
import clicktide.store.DeploymentName;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Redis scripts declare the keys that they touch")
class RedisScriptsTest {
  @ParameterizedTest
  @ValueSource(strings = {"apply", "hour", "limit", "link", "links", "owner", "take_over"})
  @DisplayName("a script takes one document and texts, and takes each key from KEYS")
  void takesKeysFromKeys(String name) throws IOException {
    var code = code(name);

    assertThat(code).contains("cjson.decode(ARGV[1])").doesNotContain("..", "string.sub");
    assertThat(Pattern.compile("ARGV\\[1]").matcher(code).results()).hasSize(1);
    assertThat(Pattern.compile("redis\\.p?call\\('[A-Z]+', ([^,)]+)").matcher(code).results())
        .isNotEmpty()
        .allSatisfy(
            call ->
                assertThat(call.group(1)).matches("KEYS\\[.+]|fence|hour|key|document\\.channel"));
  }

  private static String code(String name) throws IOException {
    try (var in = RedisServers.class.getResourceAsStream("/clicktide/redis/" + name + ".lua")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("--[^\n]*", "");
    }
  }

  @Test
  @DisplayName("the check of this suite finds a key that is not declared")
  void theCheckFindsAKey() {
    var vertx = Vertx.vertx();
    var redis =
        new RedisServers(
            vertx,
            new RedisAddress(URI.create(TestServers.endpoints().redis()), Optional.empty()),
            DeploymentName.NONE,
            _ -> DeclaredKeys.watch("return redis.call('GET', 'ct:other')"));
    var keys = new ScriptKeys();
    keys.index("ct:declared");
    var call = new ScriptCall("link", keys, Map.of());

    assertThatThrownBy(() -> redis.run(call).await()).hasMessageContaining("not in KEYS: ct:other");
    redis.close();
    vertx.close().await();
  }
}
