import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Prints the ten slowest test classes of this build, from the reports of Surefire below the folder
 * in the first argument. Reports older than the file in the second argument, which every build
 * writes at its start, are of an earlier build and left out.
 */
final class SlowestTests {
  private static final Pattern SUITE =
      Pattern.compile("<testsuite [^>]*?\\bname=\"([^\"]+)\"[^>]*?\\btime=\"([0-9.,]+)\"");

  private record Suite(String name, double seconds) {}

  public static void main(String[] arguments) throws IOException {
    var root = Path.of(arguments[0]);
    var start = Files.getLastModifiedTime(Path.of(arguments[1]));
    var suites = suites(root, start);
    var sum = suites.stream().mapToDouble(Suite::seconds).sum();
    System.out.printf("The slowest of %d test classes (%.0f s in all):%n", suites.size(), sum);
    suites.stream()
        .sorted(Comparator.comparingDouble(Suite::seconds).reversed())
        .limit(10)
        .forEach(suite -> System.out.printf("%8.1f s  %s%n", suite.seconds, suite.name));
  }

  private static List<Suite> suites(Path root, FileTime start) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().contains("surefire-reports"))
          .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
          .filter(file -> isOfThisBuild(file, start))
          .map(SlowestTests::read)
          .toList();
    }
  }

  private static boolean isOfThisBuild(Path file, FileTime start) {
    try {
      return Files.getLastModifiedTime(file).compareTo(start) >= 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Suite read(Path file) {
    try {
      var suite = SUITE.matcher(Files.readString(file).replace('\n', ' '));
      if (!suite.find()) {
        throw new IllegalStateException("%s is not a report of Surefire.".formatted(file));
      }
      return new Suite(suite.group(1), Double.parseDouble(suite.group(2).replace(",", "")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
