package clicktide.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.enrich.Dimension;
import clicktide.http.Contract;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Everything here is made from the OpenAPI document: its examples are sent, all answers are checked
 * against it, and every operation is tried by every kind of caller on every kind of thing.
 */
@DisplayName("E11, G17: the API does what its document says, and nothing for strangers")
@Timeout(180)
class ContractTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
  private static final JsonNode DOCUMENT = Contract.load().document();

  @RegisterExtension static final RunningProduct product = new RunningProduct();

  /** An operation of the document. */
  private record Operation(String path, String method, JsonNode node) {
    String id() {
      return node.path("operationId").textValue();
    }

    String scope() {
      return node.path("x-scope").textValue();
    }

    /** Bodies that are JSON; none: one empty text. */
    List<String> bodies() {
      var bodies = new ArrayList<String>();
      node.at("/requestBody/content/application~1json/examples")
          .forEach(example -> bodies.add(example.path("value").toString()));
      return bodies.isEmpty() ? List.of("") : bodies;
    }

    @Override
    public String toString() {
      return method.toUpperCase(Locale.ROOT) + " " + path;
    }
  }

  static List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    DOCUMENT
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method -> {
                          if (METHODS.contains(method.getKey())) {
                            operations.add(
                                new Operation(path.getKey(), method.getKey(), method.getValue()));
                          }
                        }));
    return operations;
  }

  /** Things of one owner that an operation can be about. */
  private record Things(
      String code, String externalId, String ownerId, String keyId, String domain, String nodeId) {
    String in(String text) {
      return text.replace("{code}", code)
          .replace("{externalId}", externalId)
          .replace("{ownerId}", ownerId)
          .replace("{keyId}", keyId)
          .replace("{domain}", domain)
          .replace("{nodeId}", nodeId)
          .replace("{now}", Instant.now().toString());
    }
  }

  private static Things things(Operation operation, String key, String ownerId) throws Exception {
    var external = "ext-" + System.nanoTime();
    var body =
        "{\"destination\": \"https://example.com/\", \"externalId\": \"%s\"}".formatted(external);
    var link = RunningProduct.read(product.askAs(key, "POST", "/v1/links", body));
    var keyId = operation.path.contains("{keyId}") ? key(key, ownerId) : "";
    var domain = operation.path.contains("{domain}") ? domain(ownerId) : "";
    var nodeId = operation.path.contains("{nodeId}") ? SilentNode.of(product.here) : "";
    var code = link.path("code").textValue();
    if (operation.scope().equals("none")) {
      var path = "/v1/links/%s/public-stats".formatted(code);
      RunningProduct.read(product.askAs(key, "PUT", path, "{}"));
    }
    return new Things(code, external, ownerId, keyId, domain, nodeId);
  }

  private static String domain(String ownerId) throws Exception {
    var domain = "d%d.example".formatted(System.nanoTime());
    var body = "{\"ownerId\": \"%s\"}".formatted(ownerId);
    RunningProduct.read(product.askAs(product.administrator, "PUT", "/v1/domains/" + domain, body));
    return domain;
  }

  /** Another key; an owner has not many. */
  private static String key(String key, String ownerId) throws Exception {
    var keys = "/v1/owners/%s/keys".formatted(ownerId);
    var made = product.askAs(key, "POST", keys, "{\"name\": \"a key\"}");
    return RunningProduct.read(made).path("keyId").textValue();
  }

  private static void check(Operation operation, HttpResponse<String> answer) {
    if (answer.statusCode() == 204 || answer.statusCode() == 304) {
      assertThat(answer.body()).as("%s", operation).isEmpty();
      return;
    }
    var responses = operation.node.path("responses");
    var status = Integer.toString(answer.statusCode());
    var response =
        resolved(responses.has(status) ? responses.path(status) : responses.path("default"));
    var type = answer.headers().firstValue("content-type").orElseThrow();
    var media = response.path("content").path(type);
    assertThat(media.isMissingNode()).as("%s answers %s as %s", operation, status, type).isFalse();
    if (type.endsWith("json")) {
      var result = validator(media.path("schema")).validate(new JsonObject(answer.body()));
      assertThat(result.getValid())
          .as("%s: %s does not fit: %s", operation, answer.body(), result.getErrors())
          .isTrue();
    }
  }

  /** References lead into the document. */
  private static Validator validator(JsonNode schema) {
    var whole = new JsonObject(schema.toString());
    whole.put("components", new JsonObject(DOCUMENT.path("components").toString()));
    return Validator.create(
        JsonSchema.of(whole),
        new JsonSchemaOptions()
            .setDraft(Draft.DRAFT202012)
            .setBaseUri("https://clicktide.test/")
            .setOutputFormat(OutputFormat.Basic));
  }

  @Test
  @DisplayName("each example is taken, and each answer is as described")
  void examples() throws Exception {
    for (var operation : operations()) {
      var key = operation.scope().equals("administer") ? product.administrator : product.key;
      for (var body : operation.bodies()) {
        var mine = things(operation, product.key, product.owner);
        var path = mine.in(operation.path);
        var answer =
            product.askAs(key, operation.method.toUpperCase(Locale.ROOT), path, mine.in(body));
        assertThat(answer.statusCode())
            .as("%s %s: %s", operation, body, answer.body())
            .isBetween(200, 299);
        check(operation, answer);
      }
    }
    var code = product.link("");
    product.follow(code, "198.51.100.1");
    for (var query :
        new String[] {
          "interval=1h&bucket=minute",
          "interval=24h&bucket=total&dimensions=browser,country&metrics=clicks,uniqueVisitors,scans",
          "interval=7d&bucket=day&tz=Asia/Kolkata&compare=previous&traffic=human"
        }) {
      var path = "/v1/links/%s/analytics?%s".formatted(code, query);
      check(named("readLinkAnalytics"), product.ask("GET", path, ""));
    }
    var exported = product.ask("GET", "/v1/exports/links?format=jsonl", "");
    assertThat(exported.headers().firstValue("content-type")).contains("application/x-ndjson");
  }

  private static Operation named(String id) {
    return operations().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  @DisplayName("what the document refuses is refused, field by field, with what is wrong")
  void wrongBodies() throws Exception {
    var tried = 0;
    for (var operation : operations()) {
      var schema = resolved(operation.node.at("/requestBody/content/application~1json/schema"));
      if (!schema.has("properties") || operation.id().equals("sendClickEvents")) {
        continue; // its events are judged one by one
      }
      var key = operation.scope().equals("administer") ? product.administrator : product.key;
      var mine = things(operation, product.key, product.owner);
      for (var wrong : wrong(schema, mine.in(operation.bodies().getFirst()))) {
        var answer =
            product.askAs(
                key,
                operation.method.toUpperCase(Locale.ROOT),
                mine.in(operation.path),
                wrong.toString());
        assertThat(answer.statusCode()).as("%s %s", operation, wrong).isEqualTo(422);
        assertThat(JSON.readTree(answer.body()).path("errors")).as(answer.body()).isNotEmpty();
        check(operation, answer);
        tried++;
      }
    }
    assertThat(tried).isGreaterThan(60);
  }

  /** The example with one thing wrong each. */
  private static List<ObjectNode> wrong(JsonNode schema, String example) throws Exception {
    var bodies = new ArrayList<ObjectNode>();
    bodies.add(with(example, "noSuchField", JSON.readTree("1")));
    for (var field : schema.path("properties").properties()) {
      var of = resolved(field.getValue());
      bodies.add(
          with(example, field.getKey(), of.has("enum") ? JSON.readTree("\"?\"") : otherType(of)));
      if (of.has("maxLength")) {
        var long_ = "x".repeat(of.path("maxLength").intValue() + 1);
        bodies.add(with(example, field.getKey(), JSON.getNodeFactory().textNode(long_)));
      }
      if (of.has("maximum")) {
        var high = of.path("maximum").longValue() + 1;
        bodies.add(with(example, field.getKey(), JSON.getNodeFactory().numberNode(high)));
        bodies.add(with(example, field.getKey(), JSON.getNodeFactory().numberNode(-1)));
      }
    }
    for (var required : schema.path("required")) {
      var body = (ObjectNode) JSON.readTree(example);
      body.remove(required.textValue());
      bodies.add(body);
    }
    return bodies;
  }

  private static ObjectNode with(String example, String field, JsonNode value) throws Exception {
    return ((ObjectNode) JSON.readTree(example)).set(field, value);
  }

  private static JsonNode otherType(JsonNode schema) throws Exception {
    return JSON.readTree(schema.path("type").toString().contains("string") ? "[7]" : "\"?\"");
  }

  private static JsonNode resolved(JsonNode node) {
    var reference = node.path("$ref").asText();
    return reference.isEmpty() ? node : DOCUMENT.at(reference.substring(1));
  }

  @Test
  @DisplayName("G17: every operation by every caller on own, foreign, deleted and random things")
  void tenants() throws Exception {
    var eve =
        RunningProduct.read(
            product.askAs(product.administrator, "POST", "/v1/owners", "{\"name\": \"Eve\"}"));
    var evesKey = eve.path("apiKey").textValue();
    var evesOwner = eve.path("ownerId").textValue();
    var secret = "of-eve-" + System.nanoTime();
    var tried = 0;
    for (var operation : operations()) {
      var method = operation.method.toUpperCase(Locale.ROOT);
      var isAbout = operation.path.contains("{");
      var body = operation.bodies().getFirst();
      for (var kind : isAbout ? List.of("own", "foreign", "deleted", "random") : List.of("own")) {
        var things =
            switch (kind) {
              case "own" -> things(operation, product.key, product.owner);
              case "foreign" -> marked(things(operation, evesKey, evesOwner), evesKey, secret);
              case "deleted" -> deleted(things(operation, product.key, product.owner));
              default ->
                  new Things(
                      "Random42",
                      "random",
                      "9223372036854775806",
                      "0123456789ab",
                      "no.example",
                      "abcdef");
            };
        var path = things.in(operation.path);
        for (var caller : callers().entrySet()) {
          var fresh = kind.equals("own") ? things(operation, product.key, product.owner) : things;
          var answer =
              product.askAs(
                  caller.getValue(),
                  method,
                  kind.equals("own") ? fresh.in(operation.path) : path,
                  fresh.in(body));
          var expected = expected(operation, caller.getKey(), kind);
          assertThat(expected)
              .as("%s by %s on %s: %s", operation, caller.getKey(), kind, answer.body())
              .contains(answer.statusCode());
          assertThat(answer.body())
              .doesNotContain(caller.getKey().equals("administrator") ? "\0" : secret);
          check(operation, answer);
          tried++;
        }
      }
    }
    assertThat(tried).isGreaterThan(400);
  }

  /** Something that would be seen if it leaked. */
  private static Things marked(Things things, String key, String secret) throws Exception {
    var body = "{\"title\": \"%s\"}".formatted(secret);
    RunningProduct.read(product.askAs(key, "PATCH", "/v1/links/" + things.code, body));
    return things;
  }

  private static Things deleted(Things things) throws Exception {
    product.ask("DELETE", "/v1/links/" + things.code, "");
    product.ask("DELETE", "/v1/owners/%s/keys/%s".formatted(product.owner, things.keyId), "");
    product.askAs(product.administrator, "DELETE", "/v1/admin/nodes/" + things.nodeId, "");
    if (!things.domain.isEmpty()) {
      product.askAs(product.administrator, "DELETE", "/v1/domains/" + things.domain, "");
    }
    return things;
  }

  private static Map<String, String> callers() throws Exception {
    var callers = new LinkedHashMap<String, String>();
    callers.put("administrator", product.administrator);
    callers.put("owner", product.key);
    callers.put("nobody", "");
    callers.put("stranger", "ct_0123456789ab_" + "x".repeat(43));
    for (var scope : scopes()) {
      callers.put(scope, limited.computeIfAbsent(scope, ContractTest::limited));
    }
    return callers;
  }

  private static final Map<String, String> limited = new HashMap<>();

  private static String limited(String scope) {
    try {
      var body = "{\"name\": \"%s\", \"scopes\": [\"%1$s\"]}".formatted(scope);
      var keys = "/v1/owners/%s/keys".formatted(product.owner);
      return product.send("POST", keys, body).path("apiKey").textValue();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> scopes() {
    var scopes = new TreeSet<String>();
    ((ArrayNode) DOCUMENT.at("/components/schemas/Scope/enum"))
        .forEach(one -> scopes.add(one.textValue()));
    return scopes;
  }

  private static final Set<String> NEED_TWO_SCOPES =
      Set.of("showPublicStats", "readAudit", "changeOwner"); // the latter for ownNetworks

  private static Set<Integer> expected(Operation operation, String caller, String kind) {
    var done = Set.of(200, 201, 202, 204);
    if (operation.scope().equals("none")) { // whoever asks
      return kind.equals("own") || kind.equals("foreign") ? done : Set.of(404);
    }
    switch (caller) {
      case "nobody", "stranger" -> {
        return Set.of(401);
      }
      case "administrator" -> {
        if (operation.path.contains("{domain}") && operation.method.equals("put")) {
          return kind.equals("random") ? Set.of(422) : Set.of(200, 201); // nobody to give it to
        }
        if (kind.equals("random")
            || kind.equals("deleted")
                && isAboutOne(operation, "{code}", "{keyId}", "{domain}", "{nodeId}")) {
          // names its owner nowhere: refused before the thing is looked for
          return operation.path.contains("{externalId}") ? Set.of(400) : Set.of(404);
        }
        return Stream.concat(done.stream(), Stream.of(400, 422)).collect(Collectors.toSet());
      }
      case "owner" -> {
        if (operation.scope().equals("administer")) {
          return Set.of(403);
        }
      }
      default -> {
        if (!operation.scope().equals(caller) || NEED_TWO_SCOPES.contains(operation.id())) {
          return Set.of(403);
        }
      }
    }
    var isGone =
        kind.equals("deleted")
            && isAboutOne(operation, "{code}", "{externalId}", "{keyId}", "{domain}");
    if (kind.equals("own") || kind.equals("deleted") && !isGone || isMade(operation)) {
      // putting makes what is not there; and who has one scope cannot give out the others
      var givesOut = operation.id().equals("rotateKey") || operation.id().equals("createKey");
      return givesOut && !caller.equals("owner") ? Set.of(422) : done;
    }
    return operation.path.contains("{") ? Set.of(404) : done;
  }

  private static boolean isMade(Operation operation) {
    return operation.method.equals("put") && !operation.path.contains("{code}");
  }

  private static boolean isAboutOne(Operation operation, String... things) {
    return Stream.of(things).anyMatch(operation.path::contains);
  }

  @Test
  @DisplayName("the documents and the page are served without a key")
  void documents() throws Exception {
    for (var path : new String[] {"/openapi.json", "/asyncapi.json", "/docs"}) {
      var answer = product.here.api("", "GET", path, "");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains(path.equals("/asyncapi.json") ? "asyncapi" : "/v1/links");
    }
    assertThat(JSON.readTree(product.here.api("", "GET", "/openapi.json", "").body()))
        .isEqualTo(DOCUMENT);
  }

  @Test
  @DisplayName("every dimension can be filtered by")
  void dimensions() {
    var parameters = new TreeSet<String>();
    named("readLinkAnalytics")
        .node
        .path("parameters")
        .forEach(parameter -> parameters.add(parameter.path("name").asText()));
    for (var dimension : Dimension.values()) {
      if (dimension != Dimension.TRAFFIC) { // has a parameter of its own meaning
        assertThat(parameters).contains(dimension.key());
      }
    }
  }
}
