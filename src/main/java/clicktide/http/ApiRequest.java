package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.http.Identification.Identified;
import clicktide.link.Code;
import clicktide.link.Link;
import clicktide.net.Network;
import clicktide.store.Actor;
import clicktide.store.Await;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * An API request as an endpoint sees it: complete and immutable, so that it may leave the event
 * loop. Parameters are decoded; the body may be compressed.
 */
public final class ApiRequest {
  private final HttpMethod method;
  private final String target;
  private final Map<String, String> headers;
  private final Map<String, List<String>> query;
  private final Map<String, String> path;
  private final byte[] body;
  private final Caller caller;
  private final Optional<Network> network;

  private ApiRequest(
      RoutingContext context, Map<String, List<String>> query, byte[] body, Identified identified) {
    this.method = context.request().method();
    this.target = context.request().path();
    this.headers = firstValues(context.request().headers());
    this.query = query;
    this.path = Map.copyOf(context.pathParams());
    this.body = body;
    this.caller = identified.caller();
    this.network = identified.network();
  }

  /**
   * Reads everything that an endpoint may need, on the event loop. Raises a problem of 400 for a
   * query with other parameters than these, or one that cannot be read.
   */
  static ApiRequest of(
      RoutingContext context, Identified identified, Set<String> parameters, byte[] body) {
    var query = QueryParameters.of(context.request(), context.pathParams(), parameters);
    return new ApiRequest(context, query, body, identified);
  }

  private static Map<String, String> firstValues(MultiMap headers) {
    var values = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach(header -> values.putIfAbsent(header.getKey(), header.getValue()));
    return values;
  }

  public Caller caller() {
    return caller;
  }

  /** Returns the network of a caller without a key; empty if its address is no literal. */
  public Optional<Network> network() {
    return network;
  }

  /** Returns the actor of a change, for the audit log. */
  public Actor actor() {
    return new Actor(caller.actor(), Optional.empty());
  }

  /** Returns the actor of a creation, which happens once per {@code Idempotency-Key}. */
  public Actor actorOnce() {
    return IdempotencyKey.actor(caller, header("idempotency-key"), target, body);
  }

  public String path(String name) {
    return path.get(name);
  }

  /**
   * Returns the link that the path names. Raises a problem of 404 for a link of another owner, a
   * deleted one and one that never was, without a difference (G17).
   */
  public Link visibleLink(Function<String, Future<Optional<Link>>> find) {
    return link(find)
        .filter(link -> caller.sees(link.owner()))
        .orElseThrow(() -> Problem.notFound("link").raised());
  }

  /** Returns the link that the path names, of any owner; empty if it is deleted or never was. */
  public Optional<Link> link(Function<String, Future<Optional<Link>>> find) {
    var code = path("code");
    return (Code.isValid(code) ? Await.on(find.apply(code)) : Optional.<Link>empty())
        .filter(link -> !link.isDeleted());
  }

  /** Returns the owner that the path names; raises a problem of 404 for an unknown or other one. */
  public OwnerId visibleOwner(Function<OwnerId, Future<Boolean>> exists) {
    return OwnerId.parse(path("ownerId"))
        .filter(id -> caller.sees(id) && Await.on(exists.apply(id)))
        .orElseThrow(() -> Problem.notFound("owner").raised());
  }

  /** Returns 304 instead of a response to GET that the caller already has. */
  ApiResponse conditional(ApiResponse response) {
    return method.equals(HttpMethod.GET)
        ? Preconditions.conditional(response, header("if-none-match"))
        : response;
  }

  /**
   * Checks {@code If-Match} and {@code If-None-Match} before a write (RFC 9110, section 13.1). The
   * ETag is empty if there is no resource yet. Raises a problem of 412 if the write is not allowed.
   */
  public void requireMatch(Optional<String> etag) {
    Preconditions.requireMatch(etag, header("if-match"), header("if-none-match"));
  }

  /**
   * Returns the problem of a write that came after another one of the same moment: 412 if this call
   * names a version, else 409.
   */
  public Problem outdated(String what) {
    return Preconditions.outdated(header("if-match"), what);
  }

  /** Returns the first value of a header; names are case-insensitive. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Returns the value of a query parameter, unless it is absent or empty. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name))
        .map(List::getFirst)
        .filter(value -> !value.isEmpty());
  }

  /** Returns an integer from {@code min} to {@code max}; {@code otherwise} if it is absent. */
  public int integer(String name, int otherwise, int min, int max) {
    var range = "`%s` must be an integer from %d to %d.".formatted(name, min, max);
    return query(name).isEmpty()
        ? otherwise
        : query(name)
            .filter(text -> text.matches("[0-9]{1,9}"))
            .map(Integer::valueOf)
            .filter(number -> number >= min && number <= max)
            .orElseThrow(() -> invalid(name, range));
  }

  /** Returns a parameter that is {@code true} or {@code false}. */
  public boolean flag(String name, boolean otherwise) {
    return query(name)
        .map(
            text ->
                switch (text) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw invalid(name, "`%s` must be true or false.".formatted(name));
                })
        .orElse(otherwise);
  }

  /** Returns the position that a cursor means; a list without a cursor begins at the largest. */
  public long position(String name) {
    try {
      return query(name)
          .map(text -> text.matches("[0-9a-z]+") ? text : "") // no sign, no other digits
          .map(text -> Long.parseLong(text, 36))
          .orElse(Long.MAX_VALUE);
    } catch (NumberFormatException _) {
      throw invalid(name, "`%s` must be the cursor of a page of this list.".formatted(name));
    }
  }

  /** Returns the parts of a comma-separated list; empty if it is absent. */
  public List<String> list(String name) {
    return query(name).map(text -> Arrays.stream(text.split(",", -1)).toList()).orElse(List.of());
  }

  /** Returns a problem of 400 about a parameter or header; {@code detail} names it. */
  public static Problem.Raised invalid(String name, String detail) {
    return malformed("invalid_parameter", name, detail);
  }

  static Problem.Raised malformed(String code, String name, String detail) {
    return Problem.malformed(code, detail, new Problem.Fault(name, code, detail)).raised();
  }

  /** Returns the media type of the body without its parameters; JSON without a content type. */
  public String contentType() {
    var type = header("content-type").orElse("application/json");
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** Returns the body, inflated. */
  public byte[] bytes() {
    return Inflate.body(body, header("content-encoding").orElse("identity"));
  }

  /** Returns the body as strict JSON; raises a problem of 415 for another content type. */
  public JsonNode json() {
    if (!contentType().equals("application/json")) {
      throw Problem.unsupported("not_json", "`Content-Type` must be `application/json`.").raised();
    }
    return Json.parse(bytes());
  }
}
