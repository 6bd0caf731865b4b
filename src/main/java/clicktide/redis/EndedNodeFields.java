package clicktide.redis;

import clicktide.store.Batch;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of a fence that hold nodes that ended, one field per node. They are part of the fence,
 * so they cannot outlive it or be lost without it.
 */
record EndedNodeFields(Map<String, String> written, List<String> deleted) {
  private static final String PREFIX = "ended:"; // take_over.lua finds the fields by it

  static EndedNodeFields of(Batch.EndedNodes ended) {
    var written = new HashMap<String, String>();
    ended.states().forEach((node, state) -> written.put(PREFIX + node, state));
    return new EndedNodeFields(
        written, ended.forgotten().stream().map(node -> PREFIX + node).toList());
  }

  /** Reads the fields of a fence: texts by node. */
  static Map<Long, String> read(JsonNode fields) {
    var states = new HashMap<Long, String>();
    fields
        .properties()
        .forEach(
            field ->
                states.put(
                    Long.valueOf(field.getKey().substring(PREFIX.length())),
                    field.getValue().asText()));
    return states;
  }
}
