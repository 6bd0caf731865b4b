package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Base rows in the binary format of COPY (PostgreSQL manual, "COPY", section Binary Format). */
final class BinaryRows {
  private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', -1, '\r', '\n', 0};
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int INT8_OID = 20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 << 10);
  private final DataOutputStream out = new DataOutputStream(bytes);

  BinaryRows() throws IOException {
    out.write(SIGNATURE);
    out.writeInt(0); // flags
    out.writeInt(0); // no extension of the header
  }

  void add(BaseRows.Row row, int[] numbers) throws IOException {
    out.writeShort(7 + numbers.length);
    var cell = row.cell();
    int8(Duration.between(EPOCH, cell.minute().start()).toNanos() / 1_000);
    int8(cell.link().id());
    int8(cell.link().owner().number());
    int4(Math.toIntExact(row.clicks().human()));
    int4(Math.toIntExact(row.clicks().bot()));
    for (var number : numbers) {
      int4(number);
    }
    array(row.visitors());
    int4(row.received());
  }

  InputStream finish() throws IOException {
    out.writeShort(-1);
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private void int4(int value) throws IOException {
    out.writeInt(Integer.BYTES);
    out.writeInt(value);
  }

  private void int8(long value) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(value);
  }

  private void array(List<Long> values) throws IOException {
    var dimensions = values.isEmpty() ? 0 : 1;
    out.writeInt(12 + dimensions * 8 + values.size() * 12);
    out.writeInt(dimensions);
    out.writeInt(0); // no nulls
    out.writeInt(INT8_OID);
    if (dimensions == 1) {
      out.writeInt(values.size());
      out.writeInt(1); // the first index
      for (var value : values) {
        int8(value);
      }
    }
  }
}
