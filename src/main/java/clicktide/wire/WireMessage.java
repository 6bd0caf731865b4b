package clicktide.wire;

import clicktide.event.UnknownFields;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Protobuf message that was read: numbers and byte strings by field number, and all other fields
 * as they were. A missing number is 0, as in proto3. For small messages that are not on the hot
 * path.
 */
final class WireMessage {
  private final long[] numbers;
  private final Map<Integer, List<byte[]>> strings = new HashMap<>();
  private final UnknownFieldSet.Builder unknown = UnknownFieldSet.newBuilder();

  /** Reads the message. Fields from {@code end} on are unknown. */
  WireMessage(byte[] bytes, int end) throws IOException {
    numbers = new long[end];
    var in = CodedInputStream.newInstance(bytes);
    for (int tag; (tag = in.readTag()) != 0; ) {
      var field = WireFormat.getTagFieldNumber(tag);
      switch (field < end ? WireFormat.getTagWireType(tag) : -1) {
        case WireFormat.WIRETYPE_VARINT -> numbers[field] = in.readInt64();
        case WireFormat.WIRETYPE_FIXED64 -> numbers[field] = in.readFixed64();
        case WireFormat.WIRETYPE_LENGTH_DELIMITED ->
            strings.computeIfAbsent(field, _ -> new ArrayList<>()).add(in.readByteArray());
        default -> unknown.mergeFieldFrom(tag, in);
      }
    }
  }

  long number(int field) {
    return numbers[field];
  }

  int integer(int field) {
    return (int) numbers[field];
  }

  Instant instant(int field) {
    return Instant.ofEpochMilli(numbers[field]);
  }

  /** Returns the nested messages of a field, in order. */
  List<byte[]> messages(int field) {
    return strings.getOrDefault(field, List.of());
  }

  /** Returns the numbers of a packed list. */
  List<Long> packed(int field) throws IOException {
    var list = new ArrayList<Long>();
    for (var bytes : messages(field)) {
      var in = CodedInputStream.newInstance(bytes);
      while (!in.isAtEnd()) {
        list.add(in.readInt64());
      }
    }
    return list;
  }

  UnknownFields unknown() {
    return UnknownFields.of(unknown.build().toByteArray());
  }
}
