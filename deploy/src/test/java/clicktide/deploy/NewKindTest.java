package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Structure: the compiler names every place that a new kind of event concerns")
class NewKindTest {
  private static final Path ROOT = Path.of(System.getProperty("clicktide.root"));
  private static final Path CORE = ROOT.resolve("src/main/java/clicktide");

  /** A source that is compiled from memory. */
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    private Source(Path path, String text) {
      super(path.toUri(), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  @Test
  @DisplayName("a kind of event is a record, and a case for the wire and for the decoder")
  void ofEvents() throws IOException {
    var toy =
        new Source(
            CORE.resolve("event/Toy.java"),
            """
            package clicktide.event;

            record Toy(Identity identity, java.time.Instant at) implements Event {}
            """);

    assertThat(incomplete("event/Event.java", "permits ", "permits Toy, ", toy))
        .containsExactlyInAnyOrder("EncodedEvent.java", "RecordDecoder.java");
  }

  @Test
  @DisplayName("an outcome is a record, and a case for each sink that stores several outcomes")
  void ofOutcomes() throws IOException {
    assertThat(
            incomplete(
                "count/Outcome.java",
                "implements Outcome {}\n}",
                "implements Outcome {}\n  record Toy() implements Outcome {}\n}"))
        .containsExactlyInAnyOrder(
            "PartitionBatch.java", "SortedOutcomes.java", "RedisLiveSink.java");
  }

  /** Returns the files that the compiler refuses after one change, by the kind of error. */
  private static Set<String> incomplete(
      String changed, String before, String after, JavaFileObject... added) throws IOException {
    var sources = new ArrayList<JavaFileObject>(List.of(added));
    for (var path : sources()) {
      var text = Files.readString(path);
      if (path.equals(CORE.resolve(changed))) {
        assertThat(text).contains(before);
        text = text.replace(before, after);
      }
      sources.add(new Source(path, text));
    }
    var found = new DiagnosticCollector<JavaFileObject>();
    var options = List.of("-proc:none", "-Xmaxerrs", "1000", "-XDshould-stop.ifError=FLOW");
    var compiler = ToolProvider.getSystemJavaCompiler();
    compiler.getTask(null, null, found, options, null, sources).call();
    var errors =
        found.getDiagnostics().stream()
            .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
            .toList();
    assertThat(errors).extracting(Diagnostic::getCode).allMatch(c -> c.contains("not.exhaustive"));
    return errors.stream()
        .map(error -> Path.of(error.getSource().getName()).getFileName().toString())
        .collect(Collectors.toSet());
  }

  private static List<Path> sources() throws IOException {
    var found = new ArrayList<Path>();
    for (var module : List.of("src", "verticles", "deploy/src")) {
      try (Stream<Path> paths = Files.walk(ROOT.resolve(module))) {
        paths
            .filter(path -> path.toString().contains("/main/java/"))
            .filter(path -> path.toString().endsWith(".java"))
            .filter(path -> !path.endsWith("package-info.java"))
            .forEach(found::add);
      }
    }
    return found;
  }
}
