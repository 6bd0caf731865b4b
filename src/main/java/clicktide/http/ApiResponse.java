package clicktide.http;

import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;

/** What an endpoint answers: a status, a value to write as JSON, and headers of its own. */
public record ApiResponse(int status, Object body, Map<String, String> headers) {
  static final String CACHE_CONTROL = "Cache-Control";
  static final String ETAG = "ETag";
  static final String CONTENT_TYPE = "Content-Type";

  private static final Map<String, String> NOT_KEPT = Map.of(CACHE_CONTROL, "private, no-store");

  /** Nobody keeps it. */
  public static ApiResponse ok(Object body) {
    return new ApiResponse(200, body, NOT_KEPT);
  }

  /**
   * The caller's own cache may keep it for so many seconds and then ask whether it is still true;
   * 0: ask each time (E8). {@code etag} is another one whenever the answer means something else.
   */
  public static ApiResponse kept(Object body, String etag, long seconds) {
    var control = seconds == 0 ? "private, no-cache" : "private, max-age=%d".formatted(seconds);
    return new ApiResponse(
        200, body, Map.of(CACHE_CONTROL, control, ETAG, etag, "Vary", "Authorization"));
  }

  public static ApiResponse created(String location, Object body) {
    return new ApiResponse(
        201, body, Map.of(CACHE_CONTROL, "private, no-store", "Location", location));
  }

  /** The same with the validator of what was made. */
  public static ApiResponse created(String location, Object body, String etag) {
    return new ApiResponse(
        201, body, Map.of(CACHE_CONTROL, "private, no-store", "Location", location, ETAG, etag));
  }

  public static ApiResponse accepted(Object body) {
    return new ApiResponse(202, body, NOT_KEPT);
  }

  public static ApiResponse noContent() {
    return new ApiResponse(204, "", NOT_KEPT);
  }

  /** The same without a body, for a caller that has it; RFC 9110, section 15.4.5. */
  ApiResponse notModified() {
    return new ApiResponse(304, "", headers);
  }

  /** Something else than JSON: a picture, a table. */
  public ApiResponse as(String contentType) {
    return with(CONTENT_TYPE, contentType);
  }

  /** With one more header. */
  public ApiResponse with(String header, String value) {
    var all = new HashMap<>(headers);
    all.put(header, value);
    return new ApiResponse(status, body, all);
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
