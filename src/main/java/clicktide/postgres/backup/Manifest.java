package clicktide.postgres.backup;

import clicktide.postgres.backup.BackupFolder.WrittenFile;
import clicktide.postgres.backup.BaseRowDay.ClickSums;
import clicktide.postgres.backup.TableCatalog.StoredTable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The content of a backup: its files with their row counts and checksums, and the values of
 * sequences. The manifest is the last file of a backup, so a folder without one is no backup.
 */
record Manifest(
    String version,
    int schemaVersion,
    Instant takenAt,
    List<TableFile> files,
    List<SequenceValue> sequences) {
  private static final int FORMAT = 1;

  /** Names become parts of statements and of paths. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  /**
   * The rows of one table, or those of one UTC day of the base rows, as COPY writes them, with
   * gzip. The sums are the clicks of base rows.
   */
  record TableFile(
      String table,
      List<String> columns,
      Optional<LocalDate> day,
      long rows,
      ClickSums sums,
      String sha256) {
    TableFile {
      requireName(table);
      columns.forEach(Manifest::requireName);
    }

    static TableFile of(
        StoredTable table, Optional<LocalDate> day, ClickSums sums, WrittenFile written) {
      return new TableFile(
          table.name(), table.columns(), day, written.rows(), sums, written.sha256());
    }

    String name() {
      return name(table, day);
    }

    static String name(String table, Optional<LocalDate> day) {
      return table + day.map(one -> "." + one).orElse("") + ".copy.gz";
    }

    private JsonObject json() {
      var json =
          new JsonObject()
              .put("table", table)
              .put("columns", new JsonArray(columns))
              .put("rows", rows)
              .put("sha256", sha256);
      day.ifPresent(
          one -> json.put("day", one.toString()).put("human", sums.human()).put("bot", sums.bot()));
      return json;
    }

    private static TableFile of(JsonObject json) {
      return new TableFile(
          json.getString("table"),
          json.getJsonArray("columns").stream().map(String.class::cast).toList(),
          Optional.ofNullable(json.getString("day")).map(LocalDate::parse),
          json.getLong("rows"),
          new ClickSums(json.getLong("human", 0L), json.getLong("bot", 0L)),
          json.getString("sha256"));
    }
  }

  /** The state of a sequence, with the arguments of {@code setval}. */
  record SequenceValue(String name, long value, boolean isCalled) {
    SequenceValue {
      requireName(name);
    }

    private JsonObject json() {
      return new JsonObject().put("name", name).put("value", value).put("isCalled", isCalled);
    }

    private static SequenceValue of(JsonObject json) {
      return new SequenceValue(
          json.getString("name"), json.getLong("value"), json.getBoolean("isCalled"));
    }
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("The manifest has a wrong name: " + name);
    }
  }

  String text() {
    return new JsonObject()
        .put("format", FORMAT)
        .put("version", version)
        .put("schemaVersion", schemaVersion)
        .put("takenAt", takenAt.toString())
        .put("files", array(files.stream().map(TableFile::json)))
        .put("sequences", array(sequences.stream().map(SequenceValue::json)))
        .encodePrettily();
  }

  private static JsonArray array(Stream<JsonObject> objects) {
    return new JsonArray(objects.toList());
  }

  /** Reads a manifest; throws a {@link RuntimeException} if the text is none. */
  static Manifest of(String text) {
    var json = new JsonObject(text);
    if (json.getInteger("format") != FORMAT) {
      throw new IllegalStateException("The backup is of another version of Clicktide.");
    }
    return new Manifest(
        json.getString("version"),
        json.getInteger("schemaVersion"),
        Instant.parse(json.getString("takenAt")),
        list(json.getJsonArray("files"), TableFile::of),
        list(json.getJsonArray("sequences"), SequenceValue::of));
  }

  private static <T> List<T> list(JsonArray objects, Function<JsonObject, T> reader) {
    return objects.stream().map(JsonObject.class::cast).map(reader).toList();
  }
}
