package clicktide.faults;

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

/** An application process of some roles, a child of the driver, that can be killed and stopped. */
final class Node implements AutoCloseable {
  final Installation here;
  private final List<String> roles;
  private final Map<String, String> environment;
  private final List<String> options = new ArrayList<>();
  private List<String> jvm = List.of("-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
  private String mainClass = Main.class.getName();
  private Process process;

  Node(Path folder, String name, Map<String, String> environment, String... roles) {
    here = new Installation(folder.resolve(name));
    this.environment = new HashMap<>(environment);
    this.roles = List.of(roles);
  }

  Node with(String setting, String value) {
    environment.put(setting, value);
    return this;
  }

  /** With the launcher's heap and the JVM's own choices instead of small and quick to start. */
  Node asInProduction() {
    jvm = List.of("-Xms256m", "-Xmx1g");
    return this;
  }

  Node option(String option) {
    options.add(option);
    return this;
  }

  Node main(Class<?> other) {
    mainClass = other.getName();
    return this;
  }

  /** Returns at once. */
  Node launch() throws IOException {
    Files.createDirectories(here.data);
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED"));
    command.addAll(jvm);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass, "run"));
    command.addAll(roles);
    command.addAll(here.arguments());
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
    return this;
  }

  Path log() {
    return here.data.resolveSibling(here.data.getFileName() + ".log");
  }

  Node start() throws IOException, InterruptedException {
    launch();
    awaitReady();
    return this;
  }

  void awaitReady() throws IOException, InterruptedException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!management("/health/ready").startsWith("200")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("not ready: " + Files.readString(log()));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Status and body, or an empty text if nobody answers. */
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

  /** By name and tags. */
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

  /** Kilobytes of memory that it has now. */
  long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  /** In an orderly way. */
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
