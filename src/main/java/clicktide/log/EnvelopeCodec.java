package clicktide.log;

import clicktide.event.Event;
import clicktide.event.LinkClick;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;

/**
 * The wire form of the log: Protobuf, as {@code envelope.proto} describes it. Fields that this
 * version does not know are skipped; a schema that it does not know is refused.
 */
public final class EnvelopeCodec {
  /** Raised only when a reader of the old schema would count wrongly. */
  public static final int SCHEMA = 1;

  private EnvelopeCodec() {}

  public static byte[] encode(Envelope envelope) {
    var bytes = new ByteArrayOutputStream(64 + 300 * envelope.events().size());
    var out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeInt32(1, SCHEMA);
      out.writeFixed64(2, envelope.node());
      out.writeInt64(3, envelope.sentAt().toEpochMilli());
      out.writeInt64(4, envelope.oldest().toEpochMilli());
      for (var event : envelope.events()) {
        switch (event) {
          case LinkClick click -> out.writeByteArray(5, LinkClickCodec.encode(click));
        }
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array takes every byte", e);
    }
    return bytes.toByteArray();
  }

  /** Throws {@link IllegalArgumentException} for bytes that are not an envelope of this schema. */
  public static Envelope decode(byte[] bytes) {
    var in = CodedInputStream.newInstance(bytes);
    var schema = 0;
    var node = 0L;
    var sentAt = 0L;
    var oldest = 0L;
    var events = new ArrayList<Event>();
    try {
      for (int tag; (tag = in.readTag()) != 0; ) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case 1 -> schema = in.readInt32();
          case 2 -> node = in.readFixed64();
          case 3 -> sentAt = in.readInt64();
          case 4 -> oldest = in.readInt64();
          case 5 -> events.add(click(in.readBytes()));
          default -> in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not an envelope", e);
    }
    if (schema != SCHEMA) {
      throw new IllegalArgumentException("an envelope of schema %d".formatted(schema));
    }
    return new Envelope(node, Instant.ofEpochMilli(sentAt), Instant.ofEpochMilli(oldest), events);
  }

  private static LinkClick click(ByteString bytes) throws IOException {
    return LinkClickCodec.decode(bytes.newCodedInput());
  }
}
