package clicktide.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The house: who may use whom, names and lengths")
class BoundaryTest {
  private static final List<String> VERTICLES =
      List.of("redirect", "ingest", "management", "aggregation", "query");
  private static JavaClasses all;

  @BeforeAll
  static void read() {
    all =
        new ClassFileImporter()
            .withImportOption(
                place -> !place.contains("test-classes") && !place.contains("-tests.jar"))
            .importPackages("clicktide");
    assertThat(all).hasSizeGreaterThan(100);
  }

  @Test
  @DisplayName("a verticle never sees another one, and nobody sees deploy")
  void verticlesAreApart() {
    for (var verticle : VERTICLES) {
      var others =
          VERTICLES.stream()
              .filter(other -> !other.equals(verticle))
              .map(other -> "clicktide." + other + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("clicktide." + verticle + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(all);
    }
    noClasses()
        .that()
        .resideOutsideOfPackage("clicktide.deploy..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("clicktide.deploy..")
        .check(all);
    noClasses()
        .that()
        .resideOutsideOfPackages("clicktide.deploy..", "clicktide.embedded..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("clicktide.embedded..")
        .check(all);
  }

  @Test
  @DisplayName("inside core dependencies run one way")
  void coreRunsOneWay() {
    noClasses()
        .that()
        .resideInAPackage("clicktide.event..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "clicktide.count..",
            "clicktide.wire..",
            "clicktide.buffer..",
            "clicktide.store..",
            "clicktide.kafka..",
            "clicktide.redis..",
            "clicktide.postgres..",
            "clicktide.http..",
            "io.vertx..")
        .check(all);
    noClasses()
        .that()
        .resideInAPackage("clicktide.count..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "clicktide.wire..",
            "clicktide.buffer..",
            "clicktide.store..",
            "clicktide.kafka..",
            "clicktide.redis..",
            "clicktide.postgres..",
            "clicktide.http..",
            "io.vertx..")
        .check(all);
    noClasses()
        .that()
        .resideInAnyPackage(
            "clicktide.wire..",
            "clicktide.buffer..",
            "clicktide.store..",
            "clicktide.link..",
            "clicktide.enrich..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "clicktide.kafka..", "clicktide.redis..", "clicktide.postgres..", "clicktide.http..")
        .check(all);
    slices().matching("clicktide.(*)..").should().beFreeOfCycles().check(all);
  }

  @Test
  @DisplayName("only the package named after a product imports its driver")
  void driversStayBehindTheirPackage() {
    Map.of(
            "clicktide..kafka..", List.of("org.apache.kafka..", "io.vertx.kafka.."),
            "clicktide.redis..", List.of("io.vertx.redis.."),
            "clicktide.postgres..",
                List.of(
                    "org.postgresql..",
                    "io.vertx.pgclient..",
                    "io.vertx.sqlclient..",
                    "org.flywaydb.."),
            "clicktide.enrich..", List.of("nl.basjes..", "com.maxmind..", "com.google.common.."),
            "clicktide.wire..", List.of("com.google.protobuf.."),
            "clicktide.count..", List.of("org.apache.datasketches.."))
        .forEach(
            (owner, drivers) ->
                noClasses()
                    .that()
                    .resideOutsideOfPackages(owner, "clicktide.embedded..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(drivers.toArray(String[]::new))
                    .check(all));
  }

  @Test
  @DisplayName("names say what a thing is")
  void names() {
    classes()
        .should()
        .haveNameNotMatching(
            ".*(Util|Utils|Manager|Helper|Impl|Service|Data|Info)$|.*\\.(Abstract|Base)[A-Z].*")
        .check(all);
  }

  @Test
  @DisplayName(
      "verticles wire in at most 150 lines, other files have at most 200, and say what they are")
  void lengths() throws IOException {
    var docComment =
        Pattern.compile(
            "(?s).*\\*/\\s*(@[^\\n]*\\s*)*(public |final |sealed |abstract )*(class|record|interface|enum) .*");
    for (var file : sources()) {
      var text = Files.readString(file);
      var most = file.getFileName().toString().endsWith("Verticle.java") ? 150 : 200;
      assertThat(text.lines().filter(line -> !line.startsWith("import ")).count())
          .as("lines of %s", file)
          .isLessThanOrEqualTo(most);
      assertThat(text.replace("\r", "")).as("doc comment of %s", file).matches(docComment);
    }
  }

  private static List<Path> sources() throws IOException {
    var root = Path.of(System.getProperty("clicktide.root"));
    try (var paths = Files.walk(root)) {
      return paths
          .filter(
              path -> path.toString().endsWith(".java") && path.toString().contains("/main/java/"))
          .filter(path -> !path.toString().contains("/target/"))
          .toList();
    }
  }
}
