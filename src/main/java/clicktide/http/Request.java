package clicktide.http;

import java.util.List;

/**
 * The part of a request that short links need. It is valid only during the call that receives it,
 * because its reader is used again for the next request.
 */
public interface Request {

  /** A header that short links need, except {@code X-Forwarded-For}. */
  enum Header {
    HOST("host"),
    USER_AGENT("user-agent"),
    REFERRER("referer"),
    REQUEST_ID("x-request-id"),
    SEC_PURPOSE("sec-purpose"),
    PURPOSE("purpose"),
    X_PURPOSE("x-purpose"),
    X_MOZ("x-moz");

    private final String text;

    Header(String text) {
      this.text = text;
    }

    /** Returns the name of the header in lower case. */
    public String text() {
      return text;
    }
  }

  /** Returns the target of the request line. */
  String uri();

  /** Returns the path of the target, without its query. */
  String path();

  boolean isHead();

  /** Returns the address of the other end of the connection, or an empty text. */
  String peer();

  /** Returns the first value of a header; empty if it is absent. */
  String header(Header header);

  /** Returns the values of all {@code X-Forwarded-For} headers in their order. */
  List<String> forwarded();
}
