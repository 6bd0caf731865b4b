package clicktide.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;

/**
 * A Kafka of three nodes, each a process that is broker and controller. The topics that Kafka makes
 * itself have three replicas, and two acknowledge a record. An ended node is not started again.
 */
public final class ThreeBrokers implements AutoCloseable {
  /** The numbers of the nodes. */
  public static final List<Integer> NODES = List.of(1, 2, 3);

  private static final long SECONDS = 10; // for one answer

  private final Path folder = TestServers.scratchFolder();
  private final Map<Integer, Process> processes = new HashMap<>();
  private final String addresses;
  private final String password;
  private final Admin admin;

  /** Starts all three and returns when they know each other. */
  public ThreeBrokers() throws Exception {
    var ports = IntStream.range(0, NODES.size()).mapToObj(_ -> Ports.any()).toList();
    var controllers = NODES.stream().collect(Collectors.toMap(node -> node, _ -> Ports.any()));
    var voters =
        NODES.stream()
            .map(node -> "%d@127.0.0.1:%d".formatted(node, controllers.get(node)))
            .collect(Collectors.joining(","));
    addresses = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    var cluster = Uuid.randomUuid();
    TestServers.closeAtTheEnd(this, folder);
    for (var node : NODES) {
      KafkaNode.format(files(node), node, cluster);
      var port = Integer.toString(ports.get(node - 1));
      var properties =
          KafkaNode.properties(files(node), port, Integer.toString(controllers.get(node)));
      properties.putAll(
          Map.of(
              "node.id",
              Integer.toString(node),
              "controller.quorum.voters",
              voters,
              "offsets.topic.replication.factor",
              "3",
              "min.insync.replicas",
              "2"));
      try (var out = Files.newOutputStream(configuration(node))) {
        properties.store(out, null);
      }
      start(node);
    }
    password = Secret.in(KafkaNode.passwordFile(files(1)));
    admin =
        Admin.create(
            Map.of(
                "bootstrap.servers",
                addresses,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                KafkaNode.login(password) + ";"));
    until("the brokers know each other", () -> nodes().equals(Set.copyOf(NODES)));
  }

  private Path files(int node) {
    return folder.resolve("broker-" + node);
  }

  private Path configuration(int node) {
    return folder.resolve("broker-%d.properties".formatted(node));
  }

  private interface Condition {
    boolean isMet() throws Exception;
  }

  /** Waits up to two minutes. A broker that does not answer meets no condition. */
  private static void until(String name, Condition condition) {
    Awaitility.await(name)
        .atMost(Duration.ofMinutes(2))
        .pollInSameThread()
        .ignoreExceptions()
        .until(condition::isMet);
  }

  private static <T> T get(KafkaFuture<T> answer) throws Exception {
    return answer.get(SECONDS, TimeUnit.SECONDS);
  }

  private Set<Integer> nodes() throws Exception {
    return get(admin.describeCluster().nodes()).stream()
        .map(one -> one.id())
        .collect(Collectors.toSet());
  }

  /** Returns the settings with which the product reaches this Kafka and makes its topics. */
  public Map<String, String> settings() {
    return Map.of(
        "CLICKTIDE_KAFKA",
        addresses,
        "CLICKTIDE_KAFKA_SECURITY",
        "SASL_PLAINTEXT",
        "CLICKTIDE_KAFKA_SASL_MECHANISM",
        "PLAIN",
        "CLICKTIDE_KAFKA_USER",
        "clicktide",
        "CLICKTIDE_KAFKA_PASSWORD",
        password,
        "CLICKTIDE_REPLICATION",
        Integer.toString(NODES.size()));
  }

  /** Starts a node with its files, if any. */
  public void start(int node) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var options =
        Stream.of(
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-Dlogback.configurationFile=clicktide/embedded/kafka-logback.xml");
    var program =
        Stream.of(
            "-cp",
            System.getProperty("java.class.path"),
            "kafka.Kafka",
            configuration(node).toString());
    var log = folder.resolve("broker-%d.log".formatted(node)).toFile();
    var command = Stream.of(Stream.of(java), options, program).flatMap(part -> part).toList();
    processes.put(
        node,
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start());
  }

  /** Stops a node in order and waits for its end. */
  public void stop(int node) throws InterruptedException {
    processes.get(node).destroy();
    processes.get(node).waitFor();
  }

  /** Kills a node and waits for its end. */
  public void kill(int node) throws InterruptedException {
    processes.get(node).destroyForcibly().waitFor();
  }

  /** Returns the node that coordinates a consumer group. */
  public int coordinator(String group) throws Exception {
    return get(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
        .coordinator()
        .id();
  }

  /** Waits until every partition has this many replicas in sync. */
  public void awaitReplicas(int inSync) {
    until(
        "every partition has %d replicas in sync".formatted(inSync),
        () ->
            topics().values().stream()
                .flatMap(topic -> topic.partitions().stream())
                .allMatch(partition -> partition.isr().size() == inSync));
  }

  /** Returns the number of replicas of each topic, also of those that Kafka made. */
  public Map<String, Integer> replicas() throws Exception {
    return topics().values().stream()
        .collect(
            Collectors.toMap(
                TopicDescription::name, topic -> topic.partitions().getFirst().replicas().size()));
  }

  private Map<String, TopicDescription> topics() throws Exception {
    var names = get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
    return get(admin.describeTopics(names).allTopicNames());
  }

  /** Returns a setting of a topic. */
  public String setting(String topic, String name) throws Exception {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return get(admin.describeConfigs(List.of(resource)).all()).get(resource).get(name).value();
  }

  @Override
  public void close() {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
    processes.values().forEach(Process::destroyForcibly);
    processes.values().forEach(process -> process.onExit().join());
  }
}
