package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;

/** Base rows in the binary format of COPY (PostgreSQL manual, "COPY", section Binary Format). */
final class BinaryRows {
  private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', -1, '\r', '\n', 0};
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final long EPOCH_MINUTE = EPOCH.getEpochSecond() / 60;
  private static final long MICROS_PER_MINUTE = 60_000_000;
  private static final int INT8_OID = 20;
  private static final int OTHER_COLUMNS = 7; // beside the dimensions
  private static final int FIXED_BYTES = 128; // at least those of one row without its lists

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[64 << 10];
  private int size;

  BinaryRows() {
    System.arraycopy(SIGNATURE, 0, bytes, 0, SIGNATURE.length);
    size = SIGNATURE.length;
    int4(0); // flags
    int4(0); // no extension of the header
  }

  void add(BaseRows.Row row, int[] numbers) {
    var visitors = row.visitors();
    require(FIXED_BYTES + 8 * numbers.length + 12 * visitors.length);
    int2(OTHER_COLUMNS + numbers.length);
    var cell = row.cell();
    int8Column((cell.minute().number() - EPOCH_MINUTE) * MICROS_PER_MINUTE);
    int8Column(cell.link());
    int8Column(cell.owner().number());
    int4Column(Math.toIntExact(row.clicks().human()));
    int4Column(Math.toIntExact(row.clicks().bot()));
    for (var number : numbers) {
      int4Column(number);
    }
    array(visitors);
    int4Column(row.received());
  }

  InputStream finish() {
    require(Short.BYTES);
    int2(-1);
    return new ByteArrayInputStream(bytes, 0, size);
  }

  private void int4Column(int value) {
    int4(Integer.BYTES);
    int4(value);
  }

  private void int8Column(long value) {
    int4(Long.BYTES);
    LONG.set(bytes, size, value);
    size += Long.BYTES;
  }

  private void array(long[] values) {
    var dimensions = values.length == 0 ? 0 : 1;
    int4(12 + dimensions * 8 + values.length * 12);
    int4(dimensions);
    int4(0); // no nulls
    int4(INT8_OID);
    if (dimensions == 1) {
      int4(values.length);
      int4(1); // the first index
      for (var value : values) {
        int8Column(value);
      }
    }
  }

  private void int2(int value) {
    SHORT.set(bytes, size, (short) value);
    size += Short.BYTES;
  }

  private void int4(int value) {
    INT.set(bytes, size, value);
    size += Integer.BYTES;
  }

  private void require(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
