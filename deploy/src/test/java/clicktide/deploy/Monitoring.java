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
  static final Path DOCKER = Path.of(System.getProperty("clicktide.root")).resolve("deploy/docker");
  private static final Pattern LABELS = Pattern.compile("\\{[^}]*}|\\[[^]]*]|by \\([^)]*\\)");
  private static final Pattern WORD = Pattern.compile("[a-z][a-z_]*[a-z]");
  private static final Pattern SELECTOR = Pattern.compile("([a-z][a-z_]*[a-z])\\{([^}]*)}");
  private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(=~?)\"([^\"]*)\"");
  private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\)");
  private static final Set<String> FUNCTIONS =
      Set.of(
          "sum",
          "min",
          "max",
          "rate",
          "increase",
          "abs",
          "by",
          "absent",
          "or",
          "topk",
          "histogram_quantile");
  private static final String OF_PROMETHEUS = "up"; // a target that is scraped has it
  private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("instance", "job");

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

  /** A label that an expression selects; the value is empty if the expression has a pattern. */
  record Label(String metric, String name, String value) {
    /** Finds the label in the exposition of a process. */
    Pattern inExposition() {
      var quoted = value.isEmpty() ? "[^\"]*" : Pattern.quote(value);
      return Pattern.compile("(?m)^%s\\{(?:.*,)?%s=\"%s\"".formatted(metric, name, quoted));
    }
  }

  /** The labels that an expression selects from series of the product. */
  static List<Label> labels(String expression) {
    var labels = new ArrayList<Label>();
    var selectors = SELECTOR.matcher(expression);
    while (selectors.find()) {
      var matchers = MATCHER.matcher(selectors.group(2));
      while (!selectors.group(1).equals(OF_PROMETHEUS) && matchers.find()) {
        var value = matchers.group(2).equals("=") ? matchers.group(3) : "";
        labels.add(new Label(selectors.group(1), matchers.group(1), value));
      }
    }
    return labels;
  }

  /** The labels that an expression groups by, without those of Prometheus. */
  static Set<String> groupings(String expression) {
    var names = new TreeSet<String>();
    var groupings = GROUPING.matcher(expression);
    while (groupings.find()) {
      names.addAll(List.of(groupings.group(1).split(", *", -1)));
    }
    names.removeAll(LABELS_OF_PROMETHEUS);
    return names;
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
