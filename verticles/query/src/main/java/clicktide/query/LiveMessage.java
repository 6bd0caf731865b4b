package clicktide.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/** What the live socket says, as the API describes it. Minutes are RFC 3339 in UTC. */
@JsonInclude(JsonInclude.Include.NON_NULL)
sealed interface LiveMessage {
  String type();

  /** The minutes of a link. */
  record Minutes(Map<String, Long> minutes) {}

  record Window(String from, String to) {}

  /** Replaces what the client holds. */
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

  /** Is added to what the client holds. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Delta(
      String type, Object id, long seq, String freshThrough, Map<String, Map<String, Long>> links)
      implements LiveMessage {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Refusal(String type, Object id, String code, String detail) implements LiveMessage {}

  static Refusal error(Object id, String code, String detail) {
    return new Refusal("error", id, code, detail);
  }
}
