package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.function.Function;

/**
 * Base rows in the binary format of COPY (PostgreSQL manual, "COPY", section Binary Format). They
 * are encoded in blocks while they are read, because a large array costs the garbage collector a
 * cycle.
 */
final class BinaryRows extends InputStream {
  private static final int BLOCK_BYTES = 64 << 10;
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

  private final Iterator<BaseRows.Row> rows;
  private final Function<BaseRows.Row, int[]> numbers;
  private byte[] bytes = new byte[BLOCK_BYTES + 1_000]; // the last row of a block fits mostly
  private int size;
  private int position; // of the next byte to read
  private boolean isLast;

  /** {@code numbers} returns the dictionary numbers of the dimensions of a row. */
  BinaryRows(Collection<BaseRows.Row> rows, Function<BaseRows.Row, int[]> numbers) {
    this.rows = rows.iterator();
    this.numbers = numbers;
    System.arraycopy(SIGNATURE, 0, bytes, 0, SIGNATURE.length);
    size = SIGNATURE.length;
    int4(0); // flags
    int4(0); // no extension of the header
  }

  @Override
  public int read() {
    return position < size || fill() ? Byte.toUnsignedInt(bytes[position++]) : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) {
    if (position == size && !fill()) {
      return -1;
    }
    var count = Math.min(length, size - position);
    System.arraycopy(bytes, position, to, offset, count);
    position += count;
    return count;
  }

  /** Encodes the next block. Returns false after the last one. */
  private boolean fill() {
    if (isLast) {
      return false;
    }
    position = 0;
    size = 0;
    while (size < BLOCK_BYTES && rows.hasNext()) {
      var row = rows.next();
      add(row, numbers.apply(row));
    }
    isLast = !rows.hasNext();
    if (isLast) {
      require(Short.BYTES);
      int2(-1);
    }
    return true;
  }

  private void add(BaseRows.Row row, int[] numbers) {
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
      bytes = Arrays.copyOf(bytes, size + more);
    }
  }
}
