package clicktide.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** The main class of the broker's JVM: one KRaft node that is broker and controller. */
public final class KafkaNode {
  private KafkaNode() {}

  /** Runs until a signal ends it. Arguments: the folder, the port, the port of the controller. */
  @SuppressWarnings("SystemExitOutsideMain") // it is the main class
  public static void main(String[] arguments) throws Exception {
    var folder = Path.of(arguments[0]);
    format(folder);
    var properties = properties(folder, arguments[1], arguments[2]);
    var server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "shutdown"));
    server.startup();
    server.awaitShutdown();
  }

  private static void format(Path folder) throws Exception {
    if (Files.exists(folder.resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(folder);
    new Formatter()
        .setNodeId(1)
        .setClusterId(Uuid.randomUuid().toString())
        .setControllerListenerName("CONTROLLER")
        .setMetadataLogDirectory(folder.toString())
        .addDirectory(folder.toString())
        .setIgnoreFormatted(true)
        .setPrintStream(System.err)
        .run();
  }

  private static Properties properties(Path folder, String port, String controllerPort)
      throws IOException {
    var properties = new Properties();
    try (var in = KafkaNode.class.getResourceAsStream("kafka.properties")) {
      properties.load(in);
    }
    properties.setProperty("log.dirs", folder.toString());
    properties.setProperty(
        "listeners",
        "BROKER://127.0.0.1:%s,CONTROLLER://127.0.0.1:%s".formatted(port, controllerPort));
    properties.setProperty("advertised.listeners", "BROKER://127.0.0.1:" + port);
    properties.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    return properties;
  }
}
