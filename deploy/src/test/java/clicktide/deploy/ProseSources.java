package clicktide.deploy;

import clicktide.deploy.ProseRules.Kind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The texts of a repository and the rules that they break. */
final class ProseSources {
  /** One or more sentences, and the line of the file in which they begin. */
  record Text(Kind kind, int line, String words) {}

  record Finding(Path file, int line, int rule, String advice, String words) {
    @Override
    public String toString() {
      return "%s:%d: [rule %d] %s | %s".formatted(file, line, rule, advice, words);
    }
  }

  private static final Set<String> LEFT_OUT = Set.of("target", "data", ".git", "node_modules");
  private static final String MAIN_JAVA = "(?:.*/)?src/main/java/.*\\.java";

  private final Path root;

  ProseSources(Path root) {
    this.root = root;
  }

  /** Prints the findings for the repository in the first argument, and a path filter if given. */
  public static void main(String[] arguments) throws IOException {
    var sources = new ProseSources(Path.of(arguments[0]));
    var filter = arguments.length > 1 ? arguments[1] : "";
    var findings =
        Stream.of(
                sources.markdown(),
                sources.comments(),
                sources.messages(),
                sources.descriptions(),
                sources.dashboard())
            .flatMap(List::stream)
            .filter(finding -> finding.file().toString().contains(filter))
            .toList();
    findings.forEach(System.out::println);
    System.out.println(findings.size() + " findings");
  }

  List<Finding> markdown() throws IOException {
    return findings(".*\\.md", MarkdownProse::texts);
  }

  List<Finding> comments() throws IOException {
    return findings(MAIN_JAVA, JavaProse::comments);
  }

  List<Finding> messages() throws IOException {
    return findings(MAIN_JAVA, JavaProse::messages);
  }

  List<Finding> descriptions() throws IOException {
    return findings(
        ".*(?:src/main/.*/(?:open|async)api|deploy/docker/alerts)\\.yaml", YamlProse::texts);
  }

  List<Finding> dashboard() throws IOException {
    var findings = new ArrayList<>(findings(".*src/main/resources/.*\\.js", ScriptProse::texts));
    findings.addAll(findings(".*src/main/resources/.*\\.html", ScriptProse::pageTexts));
    return List.copyOf(findings);
  }

  private List<Finding> findings(String path, Function<String, Stream<Text>> texts)
      throws IOException {
    var findings = new ArrayList<Finding>();
    for (var file : files()) {
      if (file.toString().matches(path)) {
        texts
            .apply(Files.readString(root.resolve(file)))
            .forEach(text -> findings.addAll(broken(file, text)));
      }
    }
    return findings;
  }

  List<Path> files() throws IOException {
    var files = new ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return LEFT_OUT.contains(folder.getFileName().toString()) && !folder.equals(root)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(root.relativize(file));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE; // a file that the build removed meanwhile
          }
        });
    files.sort(null);
    return files;
  }

  private static List<Finding> broken(Path file, Text text) {
    return (text.kind() == Kind.WIDTH
            ? Stream.of(text.words())
            : ProseRules.sentences(text.words()))
        .flatMap(
            sentence ->
                ProseRules.brokenBy(text.kind(), sentence)
                    .map(
                        rule -> new Finding(file, text.line(), rule.id(), rule.advice(), sentence)))
        .toList();
  }
}
