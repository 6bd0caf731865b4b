package clicktide.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Structure: dependencies, names, lengths, time and chance")
class BoundaryTest {
  private static final List<String> VERTICLES =
      List.of("redirect", "ingest", "management", "aggregation", "query");

  /** Main makes the real ones in deploy; the embedded servers know nothing else of the product. */
  private static final Set<String> REAL =
      Set.of("clicktide.time", "clicktide.deploy", "clicktide.embedded");

  // A subject of an event is a link, and so is the link itself (design of the event model).
  private static final Set<String> SHARED_NAMES = Set.of("Link");

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
  @DisplayName("a verticle never depends on another one, and nothing depends on deploy")
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
  @DisplayName("dependencies inside core run one way")
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
  @DisplayName("only the package that is named after a product imports its driver")
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
  @DisplayName("no name ends in Util, Manager, Helper, Impl, Service, Data or Info")
  void names() {
    classes()
        .should()
        .haveNameNotMatching(
            ".*(Util|Utils|Manager|Helper|Impl|Service|Data|Info)$|.*\\.(Abstract|Base(?!Row))[A-Z].*")
        .check(all);
  }

  @Test
  @DisplayName(
      "a verticle has at most 150 lines, another file at most 200, and each has a doc comment")
  void lengths() throws IOException {
    var docComment =
        Pattern.compile(
            "(?s).*\\*/\\s*(@[^\\n]*\\s*)*(public |final |sealed |abstract )*(class|record|interface|enum) .*");
    var found = new TreeSet<String>();
    for (var file : sources()) {
      var text = Files.readString(file).replace("\r", "");
      var most = file.getFileName().toString().endsWith("Verticle.java") ? 150 : 200;
      var lines = text.lines().filter(line -> !line.startsWith("import ")).count();
      if (lines > most) {
        found.add("%s has %d lines".formatted(file.getFileName(), lines));
      }
      if (!docComment.matcher(text).matches()) {
        found.add("%s has no doc comment".formatted(file.getFileName()));
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  @DisplayName(
      "time and chance are parameters: only time and deploy read a clock or make randomness")
  void timeAndChance() {
    var found = new TreeSet<String>();
    for (var type : all) {
      if (!REAL.contains(type.getPackageName())) {
        Stream.concat(
                type.getCodeUnitCallsFromSelf().stream(),
                type.getCodeUnitReferencesFromSelf().stream())
            .map(JavaAccess::getTarget)
            .filter(BoundaryTest::isTimeOrChance)
            .map(target -> topLevel(type) + " uses " + target.getFullName())
            .forEach(found::add);
      }
    }
    assertThat(found).isEmpty();
  }

  private static boolean isTimeOrChance(AccessTarget target) {
    var name = target.getName();
    return switch (target.getOwner().getFullName()) {
      case "java.lang.System" -> Set.of("nanoTime", "currentTimeMillis").contains(name);
      case "java.lang.Math" -> name.equals("random");
      case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
      case "java.time.InstantSource" -> name.equals("system");
      case "java.security.SecureRandom", "java.util.Random", "java.util.SplittableRandom" ->
          name.equals("<init>");
      case "java.util.concurrent.ThreadLocalRandom" -> name.equals("current");
      case "java.util.UUID" -> name.equals("randomUUID");
      case String owner -> owner.startsWith("java.time.") && name.equals("now");
    };
  }

  private static String topLevel(JavaClass type) {
    return type.getEnclosingClass().map(BoundaryTest::topLevel).orElse(type.getSimpleName());
  }

  @Test
  @DisplayName("a simple name is declared once")
  void simpleNames() {
    var byName = new TreeMap<String, Set<String>>();
    for (var type : all) {
      if (!type.isAnonymousClass()
          && !type.isLocalClass()
          && !type.getSimpleName().equals("package-info")) {
        byName
            .computeIfAbsent(type.getSimpleName(), _ -> new TreeSet<>())
            .add(type.getFullName().replace("clicktide.", ""));
      }
    }
    byName.values().removeIf(types -> types.size() == 1);
    SHARED_NAMES.forEach(byName::remove);
    assertThat(byName).isEmpty();
  }

  @Test
  @DisplayName("every package says in its package-info what it holds")
  void packages() throws IOException {
    var folders =
        sources().stream()
            .map(Path::getParent)
            .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
            .map(folder -> folder.toString().replaceFirst(".*/clicktide/", "").replace('/', '.'))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(folders).isEmpty();
  }

  @Test
  @DisplayName("every gauge keeps its object, because a gauge without its object is NaN")
  void gauges() throws IOException {
    for (var file : sources()) {
      var text = Files.readString(file);
      assertThat(text.split("Gauge\\.builder\\(", -1))
          .as(file.toString())
          .hasSameSizeAs(text.split("\\.strongReference\\(true\\)", -1));
      assertThat(text).as(file.toString()).doesNotContain(".gauge(");
    }
  }

  private static List<Path> sources() throws IOException {
    var root = Path.of(System.getProperty("clicktide.root"));
    try (var paths = Files.walk(root)) {
      return paths
          .filter(
              path -> path.toString().endsWith(".java") && path.toString().contains("/main/java/"))
          .filter(path -> !path.toString().contains("/target/"))
          .filter(path -> !path.endsWith("package-info.java"))
          .toList();
    }
  }
}
