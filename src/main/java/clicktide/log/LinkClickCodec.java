package clicktide.log;

import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Via;
import clicktide.event.OwnerId;
import clicktide.event.Subject;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;

/** The wire form of {@link LinkClick}, message {@code LinkClick} of {@code envelope.proto}. */
final class LinkClickCodec {
  private LinkClickCodec() {}

  static byte[] encode(LinkClick click) throws IOException {
    var bytes = new ByteArrayOutputStream(320);
    var out = CodedOutputStream.newInstance(bytes, 512);
    switch (click.identity()) {
      case Identity.Own(long node, int boot, int lane, long sequence) -> {
        out.writeFixed64(1, node);
        out.writeInt32(2, boot);
        out.writeInt32(3, lane);
        out.writeInt64(4, sequence);
      }
      case Identity.Collected(OwnerId _, long high, long low) -> {
        out.writeFixed64(5, high);
        out.writeFixed64(6, low);
      }
    }
    out.writeInt64(7, click.subject().id());
    out.writeInt64(8, click.subject().owner().number());
    out.writeInt32(9, click.subject().version());
    out.writeString(10, click.code());
    out.writeInt64(11, click.at().toEpochMilli());
    out.writeInt64(12, click.receivedAt().toEpochMilli());
    text(out, 13, click.requestId());
    out.writeInt32(14, click.status());
    out.writeInt32(15, click.via().ordinal());
    text(out, 16, click.client().address());
    text(out, 17, click.client().userAgent());
    text(out, 18, click.client().referrer());
    text(out, 19, click.client().host());
    flag(out, 20, click.client().head());
    flag(out, 21, click.client().prefetch());
    text(out, 22, click.campaign().source());
    text(out, 23, click.campaign().medium());
    text(out, 24, click.campaign().name());
    text(out, 25, click.campaign().term());
    text(out, 26, click.campaign().content());
    out.flush();
    return bytes.toByteArray();
  }

  private static void text(CodedOutputStream out, int field, String text) throws IOException {
    if (!text.isEmpty()) {
      out.writeString(field, text);
    }
  }

  private static void flag(CodedOutputStream out, int field, boolean flag) throws IOException {
    if (flag) {
      out.writeBool(field, true);
    }
  }

  static LinkClick decode(CodedInputStream in) throws IOException {
    var fields = new Fields();
    for (int tag; (tag = in.readTag()) != 0; ) {
      var field = WireFormat.getTagFieldNumber(tag);
      if (field >= fields.numbers.length) {
        in.skipField(tag);
        continue;
      }
      switch (WireFormat.getTagWireType(tag)) {
        case WireFormat.WIRETYPE_VARINT -> fields.numbers[field] = in.readInt64();
        case WireFormat.WIRETYPE_FIXED64 -> {
          fields.numbers[field] = in.readFixed64();
          fields.collected |= field == 5;
        }
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> fields.texts[field] = in.readString();
        default -> in.skipField(tag);
      }
    }
    return fields.click();
  }

  /** What was read so far, by field number. */
  private static final class Fields {
    private final long[] numbers = new long[27];
    private final String[] texts = new String[27];
    private boolean collected;

    private LinkClick click() {
      var owner = new OwnerId(numbers[8]);
      return new LinkClick(
          collected
              ? new Identity.Collected(owner, numbers[5], numbers[6])
              : new Identity.Own(numbers[1], (int) numbers[2], (int) numbers[3], numbers[4]),
          new Subject.Link(numbers[7], owner, (int) numbers[9]),
          text(10),
          Instant.ofEpochMilli(numbers[11]),
          Instant.ofEpochMilli(numbers[12]),
          text(13),
          (int) numbers[14],
          numbers[15] == Via.QR.ordinal() ? Via.QR : Via.LINK,
          new Client(text(16), text(17), text(18), text(19), numbers[20] != 0, numbers[21] != 0),
          new Campaign(text(22), text(23), text(24), text(25), text(26)));
    }

    private String text(int field) {
      return texts[field] == null ? "" : texts[field];
    }
  }
}
