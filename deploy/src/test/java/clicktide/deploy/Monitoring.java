package clicktide.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** What the dashboard and the alert rules of {@code deploy/docker} ask Prometheus for (O1). */
final class Monitoring {
  private static final Path DOCKER =
      Path.of(System.getProperty("clicktide.root")).resolve("deploy/docker");
  private static final Pattern LABELS = Pattern.compile("\\{[^}]*}|\\[[^]]*]|by \\([^)]*\\)");
  private static final Pattern WORD = Pattern.compile("[a-z][a-z_]*[a-z]");
  private static final Set<String> FUNCTIONS =
      Set.of("sum", "min", "max", "rate", "increase", "abs", "by", "absent", "or");
  private static final String OF_PROMETHEUS = "up"; // a target that is scraped has it

  private Monitoring() {}

  /** An alert and its expression. */
  record Rule(String alert, String expression, Map<String, Object> annotations) {}

  @SuppressWarnings("unchecked")
  static List<Rule> rules() throws IOException {
    var rules = new ArrayList<Rule>();
    Map<String, Object> file = new Yaml().load(Files.readString(DOCKER.resolve("alerts.yaml")));
    for (var group : (List<Map<String, Object>>) file.get("groups")) {
      for (var rule : (List<Map<String, Object>>) group.get("rules")) {
        rules.add(
            new Rule(
                rule.get("alert").toString(),
                rule.get("expr").toString(),
                (Map<String, Object>) rule.get("annotations")));
      }
    }
    return rules;
  }

  /** The expressions of all panels. */
  static List<String> panels() throws IOException {
    var file = DOCKER.resolve("grafana/dashboards/clicktide.json");
    var expressions = new ArrayList<String>();
    for (var panel : new ObjectMapper().readTree(file.toFile()).path("panels")) {
      panel.path("targets").forEach(target -> expressions.add(target.path("expr").textValue()));
    }
    return expressions;
  }

  /** The metrics that an expression names. */
  static Set<String> metrics(String expression) {
    var names = new TreeSet<String>();
    var words = WORD.matcher(LABELS.matcher(expression).replaceAll(" "));
    while (words.find()) {
      if (!FUNCTIONS.contains(words.group()) && !words.group().equals(OF_PROMETHEUS)) {
        names.add(words.group());
      }
    }
    return names;
  }
}
