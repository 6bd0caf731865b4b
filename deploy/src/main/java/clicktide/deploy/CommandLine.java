package clicktide.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The commands {@code clicktide link|key|owner …}, which call the API. They print tables, or with
 * {@code --json} the responses.
 */
final class CommandLine {
  static final String USAGE =
      """
      clicktide link add URL [--code C] [--title T] [--tags A,B] [--external-id ID]
             clicktide link list [--q TEXT] [--tags A,B] [--state S] | show CODE
             clicktide link import FILE [--format yourls|shlink|kutt|bitly] | export [--format csv|jsonl]
             clicktide key list | add NAME [--scopes A,B] [--expires-at TIME] | rotate ID | revoke ID
             clicktide owner show | add NAME
               options [--api URL] [--data DIR] [--json]; the key is CLICKTIDE_KEY, or else the key in the data folder""";

  private static final List<String> FLAGS =
      List.of(
          "--api --data --code --title --tags --external-id --q --state --format --scopes --expires-at"
              .split(" ", -1));

  private final Map<String, String> flags = new LinkedHashMap<>();
  private final List<String> words = new ArrayList<>();
  private final PrintStream out;
  private boolean isJson;

  private CommandLine(List<String> arguments, PrintStream out) {
    this.out = out;
    for (var i = 0; i < arguments.size(); i++) {
      var word = arguments.get(i);
      if (word.equals("--json")) {
        isJson = true;
      } else if (FLAGS.contains(word) && i + 1 < arguments.size()) {
        flags.put(word, arguments.get(++i));
      } else if (word.startsWith("--")) {
        throw new IllegalArgumentException("There is no option " + word + ". usage: " + USAGE);
      } else {
        words.add(word);
      }
    }
  }

  /** Returns true if this class has the command. */
  static boolean knows(String command) {
    return List.of("link", "key", "owner").contains(command);
  }

  /** Runs a command; throws {@link IllegalArgumentException} with a sentence for the user. */
  static void run(Map<String, String> environment, List<String> arguments, PrintStream out)
      throws InterruptedException {
    try {
      new CommandLine(arguments, out).run(environment);
    } catch (ConnectException e) {
      throw new IllegalArgumentException(
          "Clicktide does not answer. Start it with 'clicktide run', or set its address with --api.",
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private void run(Map<String, String> environment) throws IOException, InterruptedException {
    var command = String.join(" ", words.subList(0, Math.min(2, words.size())));
    var data =
        Path.of(flags.getOrDefault("--data", environment.getOrDefault("CLICKTIDE_DATA", "data")));
    var file = data.resolve(command.equals("owner add") ? "admin.key" : "owner.key");
    var key = environment.get("CLICKTIDE_KEY");
    if (key == null && !Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "A key is required: set CLICKTIDE_KEY, or name the data folder with --data. There is none in %s."
              .formatted(file));
    }
    var port = environment.getOrDefault("CLICKTIDE_API_PORT", "8081");
    var api = URI.create(flags.getOrDefault("--api", "http://127.0.0.1:" + port));
    try (var client = new ApiClient(api, key == null ? Files.readString(file).strip() : key)) {
      run(command, client);
    }
  }

  private void run(String command, ApiClient client) throws IOException, InterruptedException {
    switch (command) {
      case "link add" -> show(client.json("POST", "/v1/links", link()), "shortUrl", "destination");
      case "link list" ->
          rows(
              client.json("GET", "/v1/links" + search("200"), null).path("links"),
              "code",
              "state",
              "destination");
      case "link show" -> show(client.json("GET", "/v1/links/" + argument(), null));
      case "link import" ->
          new LinkFile(client, out, isJson).send(Path.of(argument()), flags.get("--format"));
      case "link export" ->
          new LinkFile(client, out, isJson)
              .receive(flags.getOrDefault("--format", "csv"), search("1000"));
      case "key list" ->
          rows(
              client.json("GET", keys(client), null).path("keys"),
              "keyId",
              "name",
              "scopes",
              "expiresAt");
      case "key add" -> show(client.json("POST", keys(client), key()), "keyId", "apiKey");
      case "key rotate" -> {
        var path = keys(client) + "/" + argument() + "/rotations";
        show(client.json("POST", path, Map.of()), "keyId", "apiKey");
      }
      case "key revoke" -> client.json("DELETE", keys(client) + "/" + argument(), null);
      case "owner show" -> show(client.json("GET", "/v1/owners/" + owner(client), null));
      case "owner add" ->
          show(client.json("POST", "/v1/owners", Map.of("name", argument())), "ownerId", "apiKey");
      default -> throw new IllegalArgumentException("usage: " + USAGE);
    }
  }

  private String argument() {
    if (words.size() != 3) {
      throw new IllegalArgumentException("usage: " + USAGE);
    }
    return words.get(2);
  }

  private static String owner(ApiClient client) throws IOException, InterruptedException {
    return client.json("GET", "/v1/me", null).path("ownerId").asText();
  }

  private static String keys(ApiClient client) throws IOException, InterruptedException {
    return "/v1/owners/%s/keys".formatted(owner(client));
  }

  private String search(String limit) {
    return ApiClient.query(
        "q",
        flags.get("--q"),
        "tag",
        flags.get("--tags"),
        "state",
        flags.get("--state"),
        "limit",
        limit);
  }

  private Map<String, Object> link() {
    return body("destination", "code", "title", "external-id externalId", "tags");
  }

  private Map<String, Object> key() {
    return body("name", "expires-at expiresAt", "scopes");
  }

  /** Makes a body of the argument and of flags. "flag field" names a field unlike its flag. */
  private Map<String, Object> body(String first, String... fields) {
    var body = new LinkedHashMap<String, Object>();
    body.put(first, argument());
    for (var field : fields) {
      var value = flags.get("--" + field.replaceFirst(" .*", ""));
      if (value != null) {
        var isList = field.equals("tags") || field.equals("scopes");
        body.put(field.replaceFirst(".* ", ""), isList ? List.of(value.split(",", -1)) : value);
      }
    }
    return body;
  }

  /** Prints some fields in a line, or all of them in a table. */
  private void show(JsonNode response, String... fields) {
    if (isJson) {
      out.println(ApiClient.printable(response.toString()));
    } else if (fields.length > 0) {
      out.println(line(response, fields));
    } else {
      response
          .properties()
          .forEach(field -> out.printf("%-16s %s%n", field.getKey(), text(field.getValue())));
    }
  }

  private void rows(JsonNode rows, String... fields) {
    for (var row : rows) {
      out.println(isJson ? ApiClient.printable(row.toString()) : line(row, fields));
    }
  }

  private static String line(JsonNode row, String... fields) {
    var cells = new ArrayList<String>();
    for (var field : fields) {
      cells.add(text(row.path(field)));
    }
    return String.join("\t", cells);
  }

  private static String text(JsonNode value) {
    return ApiClient.printable(value.isContainerNode() ? value.toString() : value.asText());
  }
}
