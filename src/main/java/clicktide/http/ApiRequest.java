package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.link.Code;
import clicktide.link.Link;
import clicktide.store.Actor;
import clicktide.store.Await;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** An API request as an endpoint sees it. Parameters are decoded; the body may be compressed. */
public final class ApiRequest {
  private final HttpServerRequest request;
  private final MultiMap query;
  private final Map<String, String> path;
  private final byte[] body;
  private final Caller caller;

  private ApiRequest(
      HttpServerRequest request,
      MultiMap query,
      Map<String, String> path,
      byte[] body,
      Caller caller) {
    this.request = request;
    this.query = query;
    this.path = path;
    this.body = body;
    this.caller = caller;
  }

  /**
   * Raises a problem of 400 for a query that does not decode, has control characters, or other
   * parameters than these.
   */
  static ApiRequest of(
      HttpServerRequest request,
      Map<String, String> path,
      byte[] body,
      Caller caller,
      Set<String> parameters) {
    var query = MultiMap.caseInsensitiveMultiMap();
    try {
      query.addAll(request.params());
    } catch (IllegalArgumentException _) {
      throw Problem.malformed("malformed_query", "The query does not decode.").raised();
    }
    path.forEach(ApiRequest::requireText);
    query.forEach(parameter -> requireText(parameter.getKey(), parameter.getValue()));
    var call = new ApiRequest(request, query, Map.copyOf(path), body, caller);
    call.allow(parameters);
    return call;
  }

  private static void requireText(String name, String value) {
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw invalid(name, "It has control characters.");
    }
  }

  public Caller caller() {
    return caller;
  }

  /** For what is written down of a change. */
  public Actor actor() {
    return new Actor(caller.actor(), Optional.empty());
  }

  /** The same for what makes something, once if the caller has named the call. */
  public Actor actorOnce() {
    return IdempotencyKey.actor(caller, header("idempotency-key"), request.path(), body);
  }

  public String path(String name) {
    return path.get(name);
  }

  /**
   * The link that the path names. Somebody else's link and a deleted one are as absent as one that
   * never was: a problem of 404 (G17).
   */
  public Link visibleLink(Function<String, Future<Optional<Link>>> find) {
    return link(find)
        .filter(link -> caller.sees(link.owner()))
        .orElseThrow(() -> Problem.notFound("link").raised());
  }

  /** The link that the path names, whosever; empty if it is deleted or never was. */
  public Optional<Link> link(Function<String, Future<Optional<Link>>> find) {
    var code = path("code");
    return (Code.isValid(code) ? Await.on(find.apply(code)) : Optional.<Link>empty())
        .filter(link -> !link.isDeleted());
  }

  /** The owner that the path names: a problem of 404 if there is none, or it is somebody else. */
  public OwnerId visibleOwner(Function<OwnerId, Future<Boolean>> exists) {
    return OwnerId.parse(path("ownerId"))
        .filter(id -> caller.sees(id) && Await.on(exists.apply(id)))
        .orElseThrow(() -> Problem.notFound("owner").raised());
  }

  ApiResponse withoutWhatIsKnown(ApiResponse reply) {
    return request.method().equals(HttpMethod.GET)
        ? Preconditions.withoutWhatIsKnown(reply, header("if-none-match"))
        : reply;
  }

  /**
   * Raises a problem of 412 if the caller wants to change another state of the thing than this one,
   * or one that is there while none is, or only make what is there (RFC 9110, section 13.1).
   */
  public void requireMatch(Optional<String> etag) {
    Preconditions.requireMatch(etag, header("if-match"), header("if-none-match"));
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  /** A query parameter, if it is there and not empty. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
  }

  /** Raises a problem of 400 for a parameter that is not among these or is there twice. */
  private void allow(Set<String> allowed) {
    for (var name : query.names()) {
      if (path.containsKey(name)) {
        continue;
      }
      if (!allowed.contains(name)) {
        var detail = "Parameters here are: %s.".formatted(String.join(", ", allowed));
        throw Problem.malformed(
                "unknown_parameter", detail, new Problem.Fault(name, "unknown_parameter", detail))
            .raised();
      }
      if (query.getAll(name).size() > 1) {
        throw invalid(name, "It is there more than once.");
      }
    }
  }

  /** A whole number between two bounds. */
  public int integer(String name, int otherwise, int least, int most) {
    return query(name)
        .map(
            text -> {
              try {
                var number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                  return number;
                }
              } catch (NumberFormatException _) {
                // the same answer as for a number out of bounds
              }
              throw invalid(name, "It is a whole number from %d to %d.".formatted(least, most));
            })
        .orElse(otherwise);
  }

  /** Where a page begins, as the one before has said it; all is before the end. */
  public long position(String name) {
    try {
      return query(name).map(text -> Long.parseLong(text, 36)).orElse(Long.MAX_VALUE);
    } catch (NumberFormatException _) {
      throw invalid(name, "It is not a cursor of this list.");
    }
  }

  /** The parts of a comma list, or none. */
  public List<String> list(String name) {
    return query(name).map(text -> Arrays.stream(text.split(",", -1)).toList()).orElse(List.of());
  }

  /** A problem of 400 that names a parameter. */
  public static Problem.Raised invalid(String name, String detail) {
    return Problem.malformed(
            "invalid_parameter",
            "%s: %s".formatted(name, detail),
            new Problem.Fault(name, "invalid_parameter", detail))
        .raised();
  }

  /** The media type of the body, without its parameters; JSON if nothing is said. */
  public String contentType() {
    var type = header("content-type").orElse("application/json");
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** The body, inflated. */
  public byte[] bytes() {
    return Inflate.body(body, header("content-encoding").orElse("identity"));
  }

  public JsonNode json() {
    if (!contentType().equals("application/json")) {
      throw Problem.unsupported("not_json", "The body has to be application/json.").raised();
    }
    return Json.parse(bytes());
  }
}
