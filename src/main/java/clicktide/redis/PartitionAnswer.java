package clicktide.redis;

import clicktide.store.LiveCounts.Snapshot;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The answer of one partition to a script that reads: the state of its fence, and columns of equal
 * length. An empty column of Lua arrives as an empty object.
 */
record PartitionAnswer(int partition, JsonNode document) {
  /** Returns the state of the partition at the time of the read. */
  Snapshot.PartitionPosition state() {
    return new Snapshot.PartitionPosition(
        partition,
        document.path("incarnation").asText(),
        document.path("next").asLong(),
        Instant.ofEpochMilli(document.path("watermark").asLong()),
        silent(document.path("silent").asText()));
  }

  private static Set<Long> silent(String nodes) {
    return Arrays.stream(nodes.split(",", -1))
        .filter(node -> !node.isEmpty())
        .map(Long::valueOf)
        .collect(Collectors.toSet());
  }

  /** Returns the length of a column. */
  int rows(String column) {
    return document.path(column).size();
  }

  /** Returns a number of a column, the row counted from 0. */
  long at(String column, int row) {
    return Long.parseLong(document.path(column).path(row).asText());
  }
}
