package clicktide.deploy;

import clicktide.deploy.ProseRules.Kind;
import clicktide.deploy.ProseSources.Text;
import java.io.StringReader;
import java.util.Set;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** The summaries and descriptions of an API description. */
final class YamlProse {
  private static final Set<String> KEYS = Set.of("title", "summary", "description");

  private YamlProse() {}

  static Stream<Text> texts(String content) {
    return under(new Yaml().compose(new StringReader(content))).distinct();
  }

  private static Stream<Text> under(Node node) {
    return switch (node) {
      case MappingNode map -> map.getValue().stream().flatMap(YamlProse::of);
      case SequenceNode list -> list.getValue().stream().flatMap(YamlProse::under);
      default -> Stream.empty();
    };
  }

  private static Stream<Text> of(NodeTuple entry) {
    return entry.getKeyNode() instanceof ScalarNode key
            && KEYS.contains(key.getValue())
            && entry.getValueNode() instanceof ScalarNode text
        ? Stream.of(text.getValue().split("\\n\\n", -1))
            .map(
                one ->
                    new Text(
                        Kind.PROSE,
                        text.getStartMark().getLine() + 1,
                        one.replace('\n', ' ').strip()))
        : under(entry.getValueNode());
  }
}
