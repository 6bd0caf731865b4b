package clicktide.faults;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.deploy.Installation;
import clicktide.deploy.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A node of the product as a child process, with some roles, that can be killed and paused. */
final class ProductProcess implements AutoCloseable {
  final Installation here;
  private final List<String> roles;
  private final Map<String, String> environment;
  private final List<String> options = new ArrayList<>();
  private List<String> jvm = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private String mainClass = Main.class.getName();
  private String classPath = System.getProperty("java.class.path");
  private Process process;

  ProductProcess(Path folder, String name, Map<String, String> environment, String... roles) {
    here = new Installation(folder.resolve(name));
    this.environment = new HashMap<>(environment);
    this.roles = List.of(roles);
  }

  ProductProcess with(String setting, String value) {
    environment.put(setting, value);
    return this;
  }

  /**
   * Uses the launcher's heap and the defaults of the JVM instead of a small, quickly started JVM.
   */
  ProductProcess asInProduction() {
    jvm = List.of("-Xms256m", "-Xmx1g");
    return this;
  }

  ProductProcess option(String option) {
    options.add(option);
    return this;
  }

  ProductProcess main(Class<?> other) {
    mainClass = other.getName();
    return this;
  }

  /** Uses the classes of another version from now on. */
  ProductProcess classPath(String other) {
    classPath = other;
    return this;
  }

  /** Runs {@code clicktide migrate} and returns its exit code. */
  int migrate() throws IOException, InterruptedException {
    var command = List.of(java(), "-cp", classPath, Main.class.getName(), "migrate");
    return start(command).waitFor();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private Process start(List<String> command) throws IOException {
    Files.createDirectories(here.data);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
  }

  /** Starts the process without waiting until it is ready. */
  ProductProcess launch() throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                java(),
                "-XX:+ExitOnOutOfMemoryError",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(jvm);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, mainClass, "run"));
    command.addAll(roles);
    command.addAll(here.arguments());
    process = start(command);
    return this;
  }

  Path log() {
    return here.data.resolveSibling(here.data.getFileName() + ".log");
  }

  ProductProcess start() throws IOException {
    launch();
    awaitReady();
    return this;
  }

  void awaitReady() {
    eventually("the product is ready, see " + log())
        .until(
            () -> {
              assertThat(process.isAlive()).as(Files.readString(log())).isTrue();
              return management("/health/ready").startsWith("200");
            });
  }

  /** Waits until the process has reached the log, and its spool is empty. */
  ProductProcess awaitLog() {
    eventually("the process has reached the log, see " + log())
        .until(() -> management("/health/ready").contains("\"ok\""));
    return this;
  }

  /** Returns status and body, or an empty text if the process does not answer. */
  String management(String path) throws InterruptedException {
    try {
      var answer = here.management(path);
      return answer.statusCode() + " " + answer.body();
    } catch (IOException _) {
      return "";
    }
  }

  /** The sum of all values of a metric. */
  double metric(String name) throws InterruptedException {
    return metrics(name).values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** The values of a metric by name and tags. */
  Map<String, Double> metrics(String name) throws InterruptedException {
    return management("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .map(line -> line.split(" (?=[^ ]*$)"))
        .collect(Collectors.toMap(words -> words[0], words -> Double.valueOf(words[1])));
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Waits for the end of the process. */
  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void pause() throws IOException, InterruptedException {
    Signals.send("STOP", process.pid());
  }

  void resume() throws IOException, InterruptedException {
    Signals.send("CONT", process.pid());
  }

  long process() {
    return process.pid();
  }

  /** The resident memory in kilobytes. */
  long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  /** Ends the process with SIGTERM, and after 30 s with SIGKILL. */
  @Override
  public void close() {
    if (isAlive()) {
      process.destroy();
      if (process.onExit().completeOnTimeout(null, 30, TimeUnit.SECONDS).join() == null) {
        process.destroyForcibly();
      }
    }
  }
}
