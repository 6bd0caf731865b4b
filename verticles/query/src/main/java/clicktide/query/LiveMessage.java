package clicktide.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/** A message of the live socket to its client (asyncapi.yaml). Minutes are RFC 3339 in UTC. */
@JsonInclude(JsonInclude.Include.NON_NULL)
sealed interface LiveMessage {
  String type();

  /** The clicks of a link by minute. */
  record Minutes(Map<String, Long> minutes) {}

  /** The range [from, to) of a snapshot. */
  record Window(String from, String to) {}

  /** A snapshot, which replaces the state of the client. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Full(
      String type,
      Object id,
      long seq,
      String freshThrough,
      Window window,
      Map<String, Minutes> links,
      long others)
      implements LiveMessage {}

  /** Increments, which the client adds to its state. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Delta(
      String type, Object id, long seq, String freshThrough, Map<String, Map<String, Long>> links)
      implements LiveMessage {}

  /** An error that leaves the socket open. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Refusal(String type, Object id, String code, String detail) implements LiveMessage {}

  static Refusal error(Object id, String code, String detail) {
    return new Refusal("error", id, code, detail);
  }
}
