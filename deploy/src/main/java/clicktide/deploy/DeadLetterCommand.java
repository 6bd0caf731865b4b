package clicktide.deploy;

import clicktide.kafka.DeadLetterTopic;
import clicktide.kafka.DeadLetterTopic.StoredLetter;
import clicktide.kafka.KafkaCluster;
import clicktide.kafka.Topic;
import clicktide.settings.Settings;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The command {@code clicktide dead-letters list|show|resend}, for operators. It prints raw events,
 * including client addresses.
 */
final class DeadLetterCommand {
  static final String USAGE =
      "clicktide dead-letters list | show KEY… | resend KEY… | resend --all [--data DIR]";

  private final DeadLetterTopic topic;

  private DeadLetterCommand(DeadLetterTopic topic) {
    this.topic = topic;
  }

  /** Stores the address of the embedded Kafka and its login, for commands. */
  static void remember(KafkaCluster kafka, Path data) throws IOException {
    var properties = new Properties();
    properties.putAll(kafka.properties());
    var text = new StringWriter();
    properties.store(text, null);
    new PrivateFile(file(data)).write(text.toString());
  }

  private static Path file(Path data) {
    return data.resolve("kafka.properties");
  }

  /** Runs the command; throws {@link IllegalArgumentException} with a sentence for the user. */
  static void run(Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    var words = new ArrayList<>(arguments);
    var flag = words.indexOf("--data");
    var flags = new ArrayList<String>();
    if (flag >= 0 && flag + 1 < words.size()) {
      flags.addAll(List.of(words.remove(flag), words.remove(flag)));
    }
    var settings = Settings.from(environment, flags);
    var name = settings.name();
    var command =
        new DeadLetterCommand(
            new DeadLetterTopic(
                kafka(settings), name.prefixed(Topic.DEAD_LETTERS), name.prefixed(Topic.EVENTS)));
    var verb = words.isEmpty() ? "" : words.removeFirst();
    switch (verb) {
      case "list" -> command.topic.list().forEach(DeadLetterCommand::print);
      case "show" -> command.chosen(words).forEach(one -> System.out.println(one.text()));
      case "resend" -> command.resend(words);
      default -> throw new IllegalArgumentException("usage: " + USAGE);
    }
  }

  private static KafkaCluster kafka(Settings settings) throws IOException {
    if (settings.kafka().isPresent()) {
      return settings.kafka().get();
    }
    var file = file(settings.data());
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "Clicktide has never started an embedded Kafka with the data folder %s. Name the folder with --data, or Kafka with CLICKTIDE_KAFKA."
              .formatted(settings.data()));
    }
    var properties = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    return new KafkaCluster(
        properties.stringPropertyNames().stream()
            .collect(Collectors.toMap(Function.identity(), properties::getProperty)));
  }

  private static void print(StoredLetter one) {
    System.out.printf(
        "%s  %-14s  %s  %d bytes%s%n",
        one.keptAt(), one.reason(), one.key(), one.length(), one.isCut() ? ", cut" : "");
  }

  private List<StoredLetter> chosen(List<String> keys) {
    var all = topic.list();
    for (var key : keys) {
      if (all.stream().noneMatch(one -> one.key().equals(key))) {
        throw new IllegalArgumentException("There is no dead letter with key " + key);
      }
    }
    return all.stream().filter(one -> keys.contains(one.key())).toList();
  }

  private void resend(List<String> keys) throws InterruptedException {
    var some = keys.equals(List.of("--all")) ? topic.list() : chosen(keys);
    var whole = some.stream().filter(one -> !one.isCut()).toList();
    topic.resend(whole);
    System.out.printf(
        "%d sent again, %d not sent because they were cut to 64 KiB%n",
        whole.size(), some.size() - whole.size());
  }
}
