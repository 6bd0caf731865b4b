package clicktide.http;

import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;

/** The response of an endpoint: a status, a value to write as JSON, and headers. */
public record ApiResponse(int status, Object body, Map<String, String> headers) {
  static final String CACHE_CONTROL = "Cache-Control";
  static final String ETAG = "ETag";
  static final String CONTENT_TYPE = "Content-Type";

  private static final Map<String, String> NO_STORE = Map.of(CACHE_CONTROL, "private, no-store");

  /** 200, which no cache may store. */
  public static ApiResponse ok(Object body) {
    return new ApiResponse(200, body, NO_STORE);
  }

  /**
   * 200, which the caller's own cache may use for a number of seconds (E8). With 0 seconds it must
   * revalidate each time. {@code etag} changes whenever the meaning of the body does.
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

  /** 201 with the ETag of the new resource. */
  public static ApiResponse created(String location, Object body, String etag) {
    return new ApiResponse(
        201, body, Map.of(CACHE_CONTROL, "private, no-store", "Location", location, ETAG, etag));
  }

  public static ApiResponse accepted(Object body) {
    return new ApiResponse(202, body, NO_STORE);
  }

  public static ApiResponse noContent() {
    return new ApiResponse(204, "", NO_STORE);
  }

  /** Returns 204 with the same ETag, for a caller that may not read the body. */
  public ApiResponse withoutBody() {
    var empty = noContent();
    return headers.containsKey(ETAG) ? empty.with(ETAG, headers.get(ETAG)) : empty;
  }

  /** Returns 304 with the same headers and without a body (RFC 9110, section 15.4.5). */
  ApiResponse notModified() {
    return new ApiResponse(304, "", headers);
  }

  /** Returns the same response with another content type than JSON. */
  public ApiResponse as(String contentType) {
    return with(CONTENT_TYPE, contentType);
  }

  /** Returns the same response with one more header. */
  public ApiResponse with(String header, String value) {
    var all = new HashMap<>(headers);
    all.put(header, value);
    return new ApiResponse(status, body, all);
  }

  /** Returns the body as it is sent. A body that is no JSON is a byte array already. */
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
