package clicktide.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** Kafka in its own JVM with the class path of this JVM. A broker halts its JVM on a fault. */
final class KafkaServer implements Server {
  private final Path folder;
  private final int port;
  private final int controllerPort;

  private final String password;

  KafkaServer(Path data, int port, int controllerPort) throws IOException {
    this.folder = data.resolve("kafka");
    this.password = Secret.in(KafkaNode.passwordFile(folder));
    this.port = port;
    this.controllerPort = controllerPort;
  }

  /** Returns the properties of a client. */
  Map<String, String> client() {
    return Map.of(
        "bootstrap.servers",
        "127.0.0.1:" + port,
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        KafkaNode.login(password) + ";");
  }

  @Override
  public String name() {
    return "Kafka";
  }

  @Override
  public void prepare() throws IOException {
    // A file, because a command line as long as a class path hides its arguments from the JDK.
    Files.createDirectories(optionsFile().getParent());
    var classPath =
        System.getProperty("java.class.path").replace("\\", "\\\\").replace("\"", "\\\"");
    Files.writeString(optionsFile(), "-cp \"%s\"\n".formatted(classPath));
  }

  private Path optionsFile() {
    return folder.resolveSibling("bin").resolve("kafka.options");
  }

  @Override
  public List<String> command() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (canShareClasses()) {
      command.add("-XX:+AutoCreateSharedArchive");
      command.add("-XX:SharedArchiveFile=" + folder.resolveSibling("bin").resolve("kafka.jsa"));
    }
    command.addAll(options());
    return command;
  }

  /** The JVM cannot archive classes of folders and would try it at each end. */
  private static boolean canShareClasses() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .noneMatch(place -> Files.isDirectory(Path.of(place)));
  }

  private List<String> options() {
    return List.of(
        "-Xms256m",
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xlog:disable",
        "-Xlog:all=error:stderr",
        "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED",
        "-Dlogback.configurationFile=clicktide/embedded/kafka-logback.xml",
        "@" + optionsFile(),
        KafkaNode.class.getName(),
        folder.toString(),
        Integer.toString(port),
        Integer.toString(controllerPort));
  }

  @Override
  public String stopSignal() {
    return "TERM";
  }

  @Override
  public boolean owns(ProcessHandle process) {
    var arguments = List.of(process.info().arguments().orElse(new String[0]));
    return arguments.contains(KafkaNode.class.getName())
        && arguments.contains(folder.toString())
        && process.info().command().filter(program -> program.endsWith("java")).isPresent();
  }

  @Override
  public boolean answers() {
    if (!Ports.isOpen(port)) {
      return false; // a client without a broker would spin
    }
    Map<String, Object> settings = new HashMap<>(client());
    settings.putAll(
        Map.of(
            "default.api.timeout.ms", "2000",
            "request.timeout.ms", "1000",
            "reconnect.backoff.ms", "50",
            "reconnect.backoff.max.ms", "50"));
    try (var admin = Admin.create(settings)) {
      return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public Path log() {
    return folder.resolveSibling("logs").resolve("kafka.log");
  }
}
