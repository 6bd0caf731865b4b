package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("O4: the launcher runs the first JDK that is new enough")
@Timeout(60)
class LauncherTest {
  private static final Path ROOT = Path.of(System.getProperty("clicktide.root"));
  private static final String REASON = "because older ones corrupt zstd buffers";

  @TempDir Path folder;

  /** A copy that is built already, and that searches only folders of this test. */
  @BeforeEach
  void install() throws IOException {
    var script =
        Files.readString(ROOT.resolve("clicktide"))
            .replace("/usr/lib/jvm/", folder.resolve("jvm") + "/")
            .replace("/Library/Java/", folder.resolve("library") + "/");
    executable(folder.resolve("clicktide"), script);
    for (var source : new String[] {"src", "verticles", "sql", "deploy/target", "jvm", "bin"}) {
      Files.createDirectories(folder.resolve(source));
    }
    Files.writeString(folder.resolve("pom.xml"), "");
    Files.writeString(folder.resolve("deploy/target/built"), "");
    executable(folder.resolve("bin/java"), "");
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A JDK whose java prints which one it is. */
  private Path jdk(String name, String version) throws IOException {
    var home = folder.resolve(name);
    executable(home.resolve("bin/java"), "#!/bin/sh\necho \"runs %s\"\n".formatted(name));
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"Test\"\nJAVA_RUNTIME_VERSION=\"99+1\"\nJAVA_VERSION=\"%s\"\nJAVA_VERSION_DATE=\"2026-04-21\"\n"
            .formatted(version));
    return home;
  }

  private String launch(Map<String, String> environment) throws Exception {
    var builder = new ProcessBuilder("sh", folder.resolve("clicktide").toString(), "run");
    builder.environment().remove("JAVA_HOME");
    builder.environment().putAll(environment);
    builder.environment().put("HOME", folder.toString());
    builder.environment().merge("PATH", folder.resolve("bin") + ":", (path, bin) -> bin + path);
    var process = builder.redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(output.startsWith("runs ") ? 0 : 1);
    return output.strip();
  }

  @ParameterizedTest
  @CsvSource({"25.0.3", "25.0.10", "25.0.3.1", "25.1", "26", "26-ea", "26.0.1"})
  @DisplayName("25.0.3 is new enough, and so is every later release")
  void newEnough(String version) throws Exception {
    var home = jdk("one", version);

    assertThat(launch(Map.of("JAVA_HOME", home.toString()))).isEqualTo("runs one");
  }

  @ParameterizedTest
  @CsvSource({"25.0.2", "25", "25-ea", "25.0.2.9", "24.0.9", "17.0.15", "1.8.0_401", "''"})
  @DisplayName("an older one is refused, with the reason in one sentence")
  void tooOld(String version) throws Exception {
    var home = jdk("one", version);

    assertThat(launch(Map.of("JAVA_HOME", home.toString())))
        .startsWith("Clicktide needs JDK 25.0.3 or newer, " + REASON);
  }

  @Test
  @DisplayName("one that is too old is passed over for the first that is new enough")
  void passesOver() throws Exception {
    var old = jdk("old", "25.0.1");
    jdk("jvm/a", "17.0.15");
    jdk("jvm/b", "25.0.3");
    jdk("jvm/c", "26.0.1");

    assertThat(launch(Map.of("JAVA_HOME", old.toString()))).isEqualTo("runs jvm/b");
    assertThat(launch(Map.of())).isEqualTo("runs jvm/b");
  }

  @Test
  @DisplayName("the product itself refuses an older Java, as in an image")
  void theProductRefuses() {
    JavaVersion.require(Runtime.version());
    JavaVersion.require(Runtime.Version.parse("26-ea"));
    assertThatThrownBy(() -> JavaVersion.require(Runtime.Version.parse("25.0.2+10")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(REASON);
  }
}
