package clicktide.http;

import java.util.Map;

/** What an endpoint answers: a status, a value to write as JSON, and headers of its own. */
public record Reply(int status, Object body, Map<String, String> headers) {
  public static Reply ok(Object body) {
    return new Reply(200, body, Map.of());
  }

  public static Reply created(String location, Object body) {
    return new Reply(201, body, Map.of("Location", location));
  }

  public static Reply accepted(Object body) {
    return new Reply(202, body, Map.of());
  }

  public static Reply noContent() {
    return new Reply(204, "", Map.of());
  }
}
