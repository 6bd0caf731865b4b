package clicktide.wire;

import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Target;
import clicktide.event.LinkClick.Via;
import clicktide.event.OwnerId;
import clicktide.event.Subject;
import clicktide.event.TrackingMode;
import clicktide.event.UnknownFields;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** The wire form of {@link LinkClick}, message {@code LinkClick} of {@code envelope.proto}. */
public final class LinkClickCodec {
  static final int CODE = 10;
  static final int REQUEST_ID = 13;
  static final int ADDRESS = 16;
  private static final int TYPICAL_BYTES = 512;

  private LinkClickCodec() {}

  static byte[] encode(LinkClick click) {
    var out = new ProtobufWriter(TYPICAL_BYTES);
    write(click, out);
    return out.copy();
  }

  /** Writes the identity first, so {@link #identity} need not read the rest. */
  public static void write(LinkClick click, ProtobufWriter out) {
    switch (click.identity()) {
      case Identity.Own(long node, int boot, int lane, long sequence) -> {
        out.fixed64(1, node);
        out.element(2, boot);
        out.element(3, lane);
        out.element(4, sequence);
      }
      case Identity.Collected(OwnerId _, long high, long low) -> {
        out.fixed64(5, high);
        out.fixed64(6, low);
      }
    }
    out.varint(8, click.subject().owner().number());
    out.varint(7, click.subject().id());
    out.varint(9, click.subject().version());
    out.text(CODE, click.code());
    out.varint(11, click.at().toEpochMilli());
    out.varint(12, click.receivedAt().toEpochMilli());
    out.text(REQUEST_ID, click.requestId());
    out.varint(14, click.target().status());
    out.varint(15, click.via().id());
    out.text(ADDRESS, click.client().address());
    out.text(17, click.client().userAgent());
    out.text(18, click.client().referrer());
    out.text(19, click.client().host());
    out.varint(20, click.client().head() ? 1 : 0);
    out.varint(21, click.client().prefetch() ? 1 : 0);
    out.text(22, click.campaign().source());
    out.text(23, click.campaign().medium());
    out.text(24, click.campaign().name());
    out.text(25, click.campaign().term());
    out.text(26, click.campaign().content());
    out.text(27, click.target().host());
    out.varint(28, click.mode().id());
    out.raw(click.unknown().bytes());
  }

  static Identity identity(byte[] bytes) {
    return read(bytes, 8, TextSource.NEW).identity();
  }

  /** Decodes a click. Throws {@link IllegalArgumentException} for bytes that are none. */
  static LinkClick decode(byte[] bytes, TextSource texts) {
    return read(bytes, Integer.MAX_VALUE, texts).click();
  }

  /** Reads the fields in the order of writing, up to and including {@code last}. */
  private static ClickFields read(byte[] bytes, int last, TextSource texts) {
    var in = CodedInputStream.newInstance(bytes);
    var fields = new ClickFields();
    try {
      var field = 0;
      for (int tag; field != last && (tag = in.readTag()) != 0; ) {
        field = WireFormat.getTagFieldNumber(tag);
        switch (field < fields.numbers.length ? WireFormat.getTagWireType(tag) : -1) {
          case WireFormat.WIRETYPE_VARINT -> fields.numbers[field] = in.readInt64();
          case WireFormat.WIRETYPE_FIXED64 -> {
            fields.numbers[field] = in.readFixed64();
            fields.own |= field == 1;
            fields.collected |= field == 5;
          }
          case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
            var length = in.readRawVarint32();
            var from = in.getTotalBytesRead();
            in.skipRawBytes(length); // checks that they are there
            fields.texts[field] = texts.text(field, bytes, from, length);
          }
          default -> fields.unknown(tag, in);
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not a click", e);
    }
    if (fields.own == fields.collected) {
      throw new IllegalArgumentException("a click without an identity");
    }
    return fields;
  }

  /** The fields that were read so far, by field number. */
  private static final class ClickFields {
    private final long[] numbers = new long[29];
    private final String[] texts = new String[29];
    private Optional<UnknownFieldSet.Builder> unknown = Optional.empty();
    private boolean own;
    private boolean collected;

    private void unknown(int tag, CodedInputStream in) throws IOException {
      unknown = unknown.or(() -> Optional.of(UnknownFieldSet.newBuilder()));
      unknown.orElseThrow().mergeFieldFrom(tag, in);
    }

    private UnknownFields unknown() {
      return unknown
          .map(fields -> UnknownFields.of(fields.build().toByteArray()))
          .orElse(UnknownFields.NONE);
    }

    private Identity identity() {
      return collected
          ? new Identity.Collected(new OwnerId(numbers[8]), numbers[5], numbers[6])
          : new Identity.Own(numbers[1], (int) numbers[2], (int) numbers[3], numbers[4]);
    }

    private LinkClick click() {
      if (numbers[7] <= 0 || numbers[11] <= 0) {
        throw new IllegalArgumentException("a click without a link or a time");
      }
      return new LinkClick(
          identity(),
          new Subject.Link(numbers[7], new OwnerId(numbers[8]), (int) numbers[9]),
          text(CODE),
          Instant.ofEpochMilli(numbers[11]),
          Instant.ofEpochMilli(numbers[12]),
          text(REQUEST_ID),
          new Target((int) numbers[14], text(27)),
          numbers[15] == Via.QR.id() ? Via.QR : Via.LINK,
          new Client(
              text(ADDRESS), text(17), text(18), text(19), numbers[20] != 0, numbers[21] != 0),
          new Campaign(text(22), text(23), text(24), text(25), text(26)),
          mode(),
          unknown());
    }

    private TrackingMode mode() {
      return TrackingMode.withId(numbers[28])
          .orElseThrow(
              () ->
                  new IllegalArgumentException("a click with a tracking mode of a newer version"));
    }

    private String text(int field) {
      return texts[field] == null ? "" : texts[field];
    }
  }
}
