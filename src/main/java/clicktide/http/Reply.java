package clicktide.http;

import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;

/** What an endpoint answers: a status, a value to write as JSON, and headers of its own. */
public record Reply(int status, Object body, Map<String, String> headers) {
  static final String CACHE_CONTROL = "Cache-Control";
  static final String ETAG = "ETag";
  static final String CONTENT_TYPE = "Content-Type";

  private static final Map<String, String> NOT_KEPT = Map.of(CACHE_CONTROL, "private, no-store");

  /** Nobody keeps it. */
  public static Reply ok(Object body) {
    return new Reply(200, body, NOT_KEPT);
  }

  /**
   * The caller's own cache may keep it for so many seconds and then ask whether it is still true;
   * 0: ask each time (E8). {@code etag} is another one whenever the answer means something else.
   */
  public static Reply kept(Object body, String etag, long seconds) {
    var control = seconds == 0 ? "private, no-cache" : "private, max-age=%d".formatted(seconds);
    return new Reply(
        200, body, Map.of(CACHE_CONTROL, control, ETAG, etag, "Vary", "Authorization"));
  }

  public static Reply created(String location, Object body) {
    return new Reply(201, body, Map.of(CACHE_CONTROL, "private, no-store", "Location", location));
  }

  /** The same with the validator of what was made. */
  public static Reply created(String location, Object body, String etag) {
    return new Reply(
        201, body, Map.of(CACHE_CONTROL, "private, no-store", "Location", location, ETAG, etag));
  }

  public static Reply accepted(Object body) {
    return new Reply(202, body, NOT_KEPT);
  }

  public static Reply noContent() {
    return new Reply(204, "", NOT_KEPT);
  }

  /** The same without a body, for a caller that has it; RFC 9110, section 15.4.5. */
  Reply notModified() {
    return new Reply(304, "", headers);
  }

  /** Something else than JSON: a picture, a table. */
  public Reply as(String contentType) {
    return with(CONTENT_TYPE, contentType);
  }

  /** With one more header. */
  public Reply with(String header, String value) {
    var all = new HashMap<>(headers);
    all.put(header, value);
    return new Reply(status, body, all);
  }

  /** The body as it is sent; other things than JSON are bytes already. */
  Buffer bytes() {
    return switch (body) {
      case byte[] bytes -> Buffer.buffer(bytes);
      case Object _ when !hasBody() -> Buffer.buffer();
      case Object value -> Buffer.buffer(Json.write(value));
    };
  }

  boolean hasBody() {
    return status != 204 && status != 304;
  }
}
