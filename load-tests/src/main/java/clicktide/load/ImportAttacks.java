package clicktide.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Attacks with bodies: tables, compressed bodies, unknown fields and many links. */
final class ImportAttacks {
  private static final String IMPORT = "/v1/imports/links";
  private static final int LARGEST_ANSWER = 1 << 20;

  private ImportAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack("H1", "tables of 4,000 columns and 240 rows", ImportAttacks::columns),
        new Attack("H1", "tables of 50 columns and 1,000 empty rows", ImportAttacks::emptyCells),
        new Attack("H1", "gzip of 100 MB, with and without a long comment", ImportAttacks::bombs),
        new Attack("H1", "a link with 60,000 unknown fields", ImportAttacks::fields),
        new Attack("H4", "links with 2,000 characters above the quota", ImportAttacks::quota));
  }

  private static void columns(Target target, Seen seen) throws Exception {
    var table = (row("c", 4_000) + row("", 4_000).repeat(240)).getBytes(StandardCharsets.US_ASCII);
    send(target, target.owner(), table, 30, seen);
    seen.require(seen.of("200") == 0, "a table of 4,000 columns was accepted");
  }

  private static void emptyCells(Target target, Seen seen) throws Exception {
    var table = (row("c", 50) + row("", 50).repeat(1_000)).getBytes(StandardCharsets.US_ASCII);
    send(target, target.owner(), table, 64, seen);
  }

  private static String row(String cell, int columns) {
    var row = new StringBuilder("destination");
    for (var i = 1; i < columns; i++) {
      row.append(',').append(cell).append(cell.isEmpty() ? "" : i);
    }
    return row.append('\n').toString();
  }

  private static void bombs(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var zeros = new byte[100_000_000];
    send(target, owner, gzip(zeros, 0), 30, seen);
    send(target, owner, gzip(new byte[3_500_000], 40_000), 30, seen);
    seen.require(seen.of("200") == 0, "a bomb was accepted");
  }

  private static void fields(Target target, Seen seen) throws Exception {
    var fields = new StringBuilder("{\"destination\":\"https://example.com/\"");
    for (var i = 0; i < 60_000; i++) {
      fields.append(",\"f%d\":1".formatted(i));
    }
    var answer =
        target.call(target.owner().key(), "POST", "/v1/links", fields.append('}').toString());
    seen.status(answer.status());
    seen.require(
        answer.body().length() < 10_000,
        "the answer has %d characters".formatted(answer.body().length()));
  }

  private static void quota(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var random = new Random(4);
    var noise = new byte[900];
    random.nextBytes(noise);
    var destination = "https://example.com/" + HexFormat.of().formatHex(noise);
    fill(target, owner, Attacks.LINKS_PER_OWNER / 500 + 4, 500, destination, seen);
    var refused =
        target.call(owner.key(), "POST", "/v1/links", "{\"destination\":\"https://example.com/\"}");
    seen.require(
        refused.status() == 422 && refused.body().contains("quota_exceeded"),
        "a link above the quota was answered with " + refused.status());
  }

  /** Imports links in calls of this many rows, three calls at once. */
  static void fill(
      Target target, Target.Owner owner, int calls, int rows, String destination, Seen seen)
      throws IOException, InterruptedException {
    target.flood(
        new Target.Flood(target.apiPort, 3, 1, calls, Duration.ofSeconds(60)),
        call -> {
          var table = new StringBuilder("destination\n");
          for (var i = 0; i < rows; i++) {
            table.append(destination).append(call).append('-').append(i).append('\n');
          }
          var body = table.toString().getBytes(StandardCharsets.US_ASCII);
          return Target.request(
              "POST", IMPORT, owner.bearer() + "Content-Type: text/csv\r\n", body);
        },
        seen);
  }

  /** Sends a body from three workers and checks the size of each answer. */
  private static void send(Target target, Target.Owner owner, byte[] body, int requests, Seen seen)
      throws IOException, InterruptedException {
    var coding = body.length > 1 && body[0] == 0x1f ? "Content-Encoding: gzip\r\n" : "";
    var headers = owner.bearer() + "Content-Type: text/csv\r\n" + coding;
    var request = Target.request("POST", IMPORT, headers, body);
    try (var connection = new RawConnection(Target.ATTACKER, target.apiPort)) {
      var answer = connection.write(request).read();
      seen.require(
          answer.body().length() < LARGEST_ANSWER,
          "an answer has %,d characters".formatted(answer.body().length()));
    }
    target.flood(target.calls(3, requests), _ -> request, seen);
  }

  /** Compresses with a comment of this length in the header (RFC 1952). */
  private static byte[] gzip(byte[] bytes, int comment) throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(
        new byte[] {0x1f, (byte) 0x8b, 8, (byte) (comment > 0 ? 16 : 0), 0, 0, 0, 0, 0, 0});
    if (comment > 0) {
      out.writeBytes("c".repeat(comment).getBytes(StandardCharsets.US_ASCII));
      out.write(0);
    }
    try (var deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
      var deflated = new DeflaterOutputStream(out, deflater);
      deflated.write(bytes);
      deflated.finish();
    }
    var sum = new CRC32();
    sum.update(bytes);
    for (var number : List.of((int) sum.getValue(), bytes.length)) {
      for (var shift = 0; shift < 32; shift += 8) {
        out.write(number >>> shift);
      }
    }
    return out.toByteArray();
  }
}
