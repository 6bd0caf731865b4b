package clicktide.deploy;

import clicktide.http.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Import and export of links in a file of any size, in requests of at most 1,000 links. An import
 * that was interrupted is repeated as a whole: links with a code or an external id stay as they
 * are.
 */
final class LinkFile {
  private static final int ROWS = 1_000;
  private static final int MAX_BYTES = 900_000; // the API accepts 1 MiB

  private final ApiClient client;
  private final PrintStream out;
  private final boolean isJson;
  private final long[] sums = new long[4];
  private long sent;

  LinkFile(ApiClient client, PrintStream out, boolean isJson) {
    this.client = client;
    this.out = out;
    this.isJson = isJson;
  }

  /** Imports CSV, JSON Lines or JSON by the file's ending; {@code format} names a shortener. */
  void send(Path file, String format) throws IOException, InterruptedException {
    var path = "/v1/imports/links" + ApiClient.query("format", format);
    var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    try (var lines = Files.newBufferedReader(file)) {
      if (name.endsWith(".csv")) {
        var header = Optional.ofNullable(record(lines)).orElse("");
        sendAll(() -> record(lines), path, "text/csv", header + "\n");
      } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
        sendAll(lines::readLine, path, "application/x-ndjson", "");
      } else {
        add(client.send("POST", path, "application/json", Files.readString(file)).body());
      }
    }
    out.printf(
        "%d created, %d changed, %d unchanged, %d failed%n", sums[0], sums[1], sums[2], sums[3]);
  }

  /** A source of rows; null is the end. */
  private interface Rows {
    String next() throws IOException;
  }

  private void sendAll(Rows lines, String path, String type, String header)
      throws IOException, InterruptedException {
    var body = new StringBuilder(header);
    var rows = 0;
    var bytes = 0;
    for (var row = lines.next(); row != null; row = lines.next()) {
      var length = row.getBytes(StandardCharsets.UTF_8).length + 1;
      if (rows == ROWS || bytes + length > MAX_BYTES) {
        add(client.send("POST", path, type, body.toString()).body());
        body = new StringBuilder(header);
        rows = 0;
        bytes = 0;
      }
      body.append(row).append('\n');
      rows++;
      bytes += length;
    }
    if (rows > 0) {
      add(client.send("POST", path, type, body.toString()).body());
    }
  }

  /** Reads a line, or several if a quoted cell has line ends; null at the end. */
  private static String record(BufferedReader lines) throws IOException {
    var record = lines.readLine();
    while (record != null && record.chars().filter(c -> c == '"').count() % 2 != 0) {
      var more = lines.readLine();
      if (more == null) {
        return record; // the API reports the fault
      }
      record += "\n" + more;
    }
    return record;
  }

  private void add(String response) {
    var result = Json.parse(response.getBytes(StandardCharsets.UTF_8));
    sums[0] += result.path("created").longValue();
    sums[1] += result.path("changed").longValue();
    sums[2] += result.path("unchanged").longValue();
    sums[3] += result.path("failed").longValue();
    for (var row : result.path("rows")) {
      sent++;
      if (row.path("outcome").asText().equals("failed")) {
        print(row);
      }
    }
  }

  private void print(JsonNode row) {
    if (isJson) {
      out.println(row);
      return;
    }
    for (var fault : row.path("errors")) {
      out.printf("row %d: %s%n", sent, fault.path("detail").asText());
    }
  }

  /** Exports all pages in order. */
  void receive(String format, String search) throws IOException, InterruptedException {
    var path = "/v1/exports/links" + search + "&format=" + ApiClient.encoded(format);
    var cursor = Optional.<String>empty();
    do {
      var more = cursor.map(at -> "&cursor=" + ApiClient.encoded(at)).orElse("");
      var answer = client.send("GET", path + more, "application/json", "");
      var isFirst = cursor.isEmpty();
      var body = answer.body();
      out.print(isFirst || !format.equals("csv") ? body : body.substring(body.indexOf('\n') + 1));
      cursor = answer.headers().firstValue("clicktide-next-cursor");
    } while (cursor.isPresent());
  }
}
