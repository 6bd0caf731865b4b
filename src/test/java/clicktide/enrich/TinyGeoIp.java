package clicktide.enrich;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Writes the smallest database in MaxMind's format: a tree of one node, whose two branches lead to
 * the same place. (MaxMind DB File Format Specification, version 2.0.)
 */
final class TinyGeoIp {
  private static final int NODES = 1;
  private static final int SEPARATOR = 16;
  private static final int RECORD_BITS = 24;
  private static final byte[] METADATA = {(byte) 0xab, (byte) 0xcd, (byte) 0xef};

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private TinyGeoIp() {}

  /** Every IPv4 address is in this country and region. */
  static byte[] allIn(String country, String region, Instant made) {
    var file = new TinyGeoIp();
    for (var branch = 0; branch < 2; branch++) {
      var leaf = NODES + SEPARATOR; // the begin of the data
      file.out.writeBytes(new byte[] {0, (byte) (leaf >> 8), (byte) leaf});
    }
    file.out.writeBytes(new byte[SEPARATOR]);
    file.map(2);
    file.text("country");
    file.map(1);
    file.text("iso_code");
    file.text(country);
    file.text("subdivisions");
    file.out.writeBytes(new byte[] {1, 4}); // an array of one, type 11
    file.map(1);
    file.text("iso_code");
    file.text(region);
    file.out.writeBytes(METADATA);
    file.out.writeBytes("MaxMind.com".getBytes(StandardCharsets.UTF_8));
    file.map(9);
    file.number("node_count", 6, NODES);
    file.number("record_size", 5, RECORD_BITS);
    file.number("ip_version", 5, 4);
    file.number("binary_format_major_version", 5, 2);
    file.number("binary_format_minor_version", 5, 0);
    file.text("build_epoch");
    file.out.writeBytes(new byte[] {4, 2}); // a uint64 of four bytes, type 9
    file.bytes(made.getEpochSecond(), 4);
    file.text("database_type");
    file.text("Tiny");
    file.text("description");
    file.map(0);
    file.text("languages");
    file.out.writeBytes(new byte[] {0, 4}); // an empty array
    return file.out.toByteArray();
  }

  private void map(int entries) {
    out.write(7 << 5 | entries);
  }

  private void text(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(2 << 5 | bytes.length);
    out.writeBytes(bytes);
  }

  /** {@code type} is 5 for uint16, 6 for uint32. */
  private void number(String name, int type, int value) {
    text(name);
    var size = type == 5 ? 2 : 4;
    out.write(type << 5 | size);
    bytes(value, size);
  }

  private void bytes(long value, int count) {
    for (var shift = 8 * (count - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >> shift));
    }
  }
}
