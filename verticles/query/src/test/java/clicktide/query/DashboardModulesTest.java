package clicktide.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the unit tests and the type check of the dashboard's modules with Node and TypeScript. Each
 * is skipped, and a line says so, if its tool is missing or too old.
 */
@DisplayName("E9: the modules of the dashboard")
class DashboardModulesTest {
  private static final Path TESTS = Path.of("src/test/js");
  private static final long DEADLINE = 300; // seconds

  @TempDir private static Path folder;

  /** A program, the setting that names its file, and its oldest version that can be used. */
  private record Tool(String name, String program, String setting, int major, int minor) {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

    static final Tool NODE = new Tool("Node", "node", "CLICKTIDE_TEST_NODE", 20, 0);
    static final Tool TYPESCRIPT = new Tool("TypeScript", "tsc", "CLICKTIDE_TEST_TSC", 5, 9);

    /** Returns the file of the program, or skips the test. */
    String find(String test) throws Exception {
      var found = Optional.<Path>empty();
      for (var file : candidates().filter(Files::isExecutable).toList()) {
        if (found.isEmpty() && isRecent(file)) {
          found = Optional.of(file);
        }
      }
      var reason = "%s %d.%d or newer was not found".formatted(name, major, minor);
      if (found.isEmpty()) {
        System.out.printf("SKIPPED: %s, because %s (%s names it)%n", test, reason, setting);
      }
      Assumptions.assumeTrue(found.isPresent(), reason);
      return found.get().toString();
    }

    private Stream<Path> candidates() {
      var setting = Optional.ofNullable(System.getenv(this.setting)).map(Path::of).stream();
      var path = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
      var local = Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent);
      return Stream.of(
              setting,
              path.map(directory -> directory.resolve(program)),
              local.map(directory -> directory.resolve("node_modules/.bin").resolve(program)))
          .flatMap(files -> files);
    }

    private boolean isRecent(Path file) throws Exception {
      var version = VERSION.matcher(run(List.of(file.toString(), "--version")).output());
      if (!version.find()) {
        return false;
      }
      var found = Integer.parseInt(version.group(1));
      return found > major || (found == major && Integer.parseInt(version.group(2)) >= minor);
    }
  }

  private record Result(int status, String output) {}

  /** Runs a program to its end. Both of its outputs go to a file, so that none can block it. */
  private static Result run(List<String> command) throws IOException, InterruptedException {
    var output = Files.createTempFile(folder, "output", ".txt");
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "en_US.UTF-8"); // the texts of the tests are English
    var process = builder.redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(DEADLINE, TimeUnit.SECONDS)).as("%s ended", command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Result(process.exitValue(), Files.readString(output));
  }

  @Test
  @DisplayName("compute as their unit tests say")
  void unitTests() throws Exception {
    var command = new ArrayList<>(List.of(Tool.NODE.find("the unit tests of the dashboard")));
    command.addAll(List.of("--test", "--test-reporter=spec"));
    try (var files = Files.list(TESTS)) {
      files.map(Path::toString).filter(name -> name.endsWith(".test.js")).forEach(command::add);
    }
    var result = run(command);
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).doesNotContain("tests 0");
  }

  @Test
  @DisplayName("have consistent types and no unused names")
  void types() throws Exception {
    var compiler = Tool.TYPESCRIPT.find("the type check of the dashboard");
    var result = run(List.of(compiler, "--project", TESTS.toString()));
    assertThat(result.status()).as(result.output()).isZero();
  }
}
