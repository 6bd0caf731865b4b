package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The version of the build")
@Timeout(120)
class VersionTest {
  private static final Pattern VERSION = Pattern.compile("<version>(.*?)</version>");

  @RegisterExtension static final RunningProduct product = new RunningProduct();

  private static String ofThePom() throws Exception {
    var pom = Files.readString(Path.of(System.getProperty("clicktide.root"), "pom.xml"));
    var version = VERSION.matcher(pom);
    assertThat(version.find()).isTrue();
    return version.group(1);
  }

  @Test
  @DisplayName("is that of the pom in the command line, the health checks and the metrics")
  void isThatOfThePom() throws Exception {
    var version = ofThePom();
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertThat(Commands.run(Map.of(), List.of("--version"), out)).isTrue();
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("Clicktide %s%n", version);

    for (var path : List.of("/health/live", "/health/ready")) {
      var health = RunningProduct.json(product.here.management(path));
      assertThat(health.path("version").textValue()).as(path).isEqualTo(version);
    }
    assertThat(product.here.management("/metrics").body())
        .containsPattern("(?m)^build_info\\{version=\"%s\"} 1".formatted(Pattern.quote(version)));
  }
}
