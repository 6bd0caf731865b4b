package clicktide.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The main class of the broker's JVM: one KRaft node that is broker and controller. Clients,
 * brokers and controllers authenticate with one password. SCRAM is impossible, because a controller
 * has no SCRAM credentials before it has read the metadata.
 */
public final class KafkaNode {
  private KafkaNode() {}

  /** Returns the file with the password, which no command line may have. */
  static Path passwordFile(Path folder) {
    return folder.resolveSibling("kafka.password");
  }

  /** Returns the login of a client. */
  static String login(String password) {
    return "%s required username=\"%s\" password=\"%s\""
        .formatted(PlainLoginModule.class.getName(), USER, password);
  }

  private static final String USER = "clicktide";

  /** Runs until a signal ends it. Arguments: the folder, the port, the port of the controller. */
  @SuppressWarnings("SystemExitOutsideMain") // it is the main class
  public static void main(String[] arguments) throws Exception {
    var folder = Path.of(arguments[0]);
    format(folder, 1, Uuid.randomUuid());
    var properties = properties(folder, arguments[1], arguments[2]);
    var server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "shutdown"));
    server.startup();
    server.awaitShutdown();
  }

  /** Prepares the folder of a node with this number, unless it is prepared already. */
  static void format(Path folder, int node, Uuid cluster) throws Exception {
    if (Files.exists(folder.resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(folder);
    new Formatter()
        .setNodeId(node)
        .setClusterId(cluster.toString())
        .setControllerListenerName("CONTROLLER")
        .setMetadataLogDirectory(folder.toString())
        .addDirectory(folder.toString())
        .setIgnoreFormatted(true)
        .setPrintStream(System.err)
        .run();
  }

  static Properties properties(Path folder, String port, String controllerPort) throws IOException {
    var properties = new Properties();
    try (var in = KafkaNode.class.getResourceAsStream("kafka.properties")) {
      properties.load(in);
    }
    var password = Secret.in(passwordFile(folder));
    var jaas = "%s user_%s=\"%s\";".formatted(login(password), USER, password);
    properties.setProperty("listener.name.broker.plain.sasl.jaas.config", jaas);
    properties.setProperty("listener.name.controller.plain.sasl.jaas.config", jaas);
    properties.setProperty("log.dirs", folder.toString());
    properties.setProperty(
        "listeners",
        "BROKER://127.0.0.1:%s,CONTROLLER://127.0.0.1:%s".formatted(port, controllerPort));
    properties.setProperty("advertised.listeners", "BROKER://127.0.0.1:" + port);
    properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    return properties;
  }
}
