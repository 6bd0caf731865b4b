package clicktide.wire;

import clicktide.event.DeadLetter;
import clicktide.event.Heartbeat;
import clicktide.event.LinkClick;
import clicktide.event.Sha256;
import clicktide.event.Subject;
import clicktide.event.TrackingMode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The wire form of {@link Envelope}: Protobuf, as {@code envelope.proto} describes it. Unknown
 * fields are skipped; an unknown schema is refused.
 */
public final class EnvelopeCodec {
  /** The version of the message. It is raised only when an older reader would count wrongly. */
  public static final int SCHEMA = 1;

  private static final List<Integer> HEARTBEAT_FIELDS = List.of(2, 4, 7, 8, 9, 10, 13);

  private EnvelopeCodec() {}

  /** The bytes are no envelope of this schema, so their events cannot be counted. */
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;
    private final DeadLetter.Reason reason;

    private Unreadable(DeadLetter.Reason reason, Throwable cause) {
      super(reason.key(), cause);
      this.reason = reason;
    }

    public DeadLetter.Reason reason() {
      return reason;
    }
  }

  public static byte[] encode(Envelope envelope) {
    var heartbeat = envelope.heartbeat();
    var size = envelope.events().stream().mapToInt(event -> event.length() + 8).sum();
    var out = new ProtobufWriter(128 + size);
    out.varint(1, SCHEMA);
    out.varint(3, envelope.sentAt().toEpochMilli());
    out.varint(11, envelope.correction().toMillis());
    write(heartbeat, out);
    envelope.events().forEach(event -> out.message(event.kind(), event.bytes(), event.length()));
    return out.copy();
  }

  private static void write(Heartbeat heartbeat, ProtobufWriter out) {
    out.fixed64(2, heartbeat.node());
    out.varint(4, heartbeat.oldest().toEpochMilli());
    out.varint(7, heartbeat.boot());
    out.varint(8, heartbeat.firstBoot());
    heartbeat.acknowledged().forEach(sequence -> out.element(9, sequence));
    out.varint(10, heartbeat.leaving() ? 1 : 0);
    heartbeat.previous().forEach(node -> out.fixed64(13, node));
  }

  /**
   * Returns the same record without its heartbeat, which was true only when the node sent it. Every
   * other field stays as it is, including those that only a newer version knows.
   */
  public static byte[] withoutHeartbeat(byte[] bytes) throws Unreadable {
    decode(bytes);
    try {
      var fields = UnknownFieldSet.parseFrom(bytes).toBuilder();
      HEARTBEAT_FIELDS.forEach(fields::clearField);
      var out = new ProtobufWriter(bytes.length + 32);
      write(Heartbeat.NONE, out);
      out.raw(fields.build().toByteArray());
      return out.copy();
    } catch (InvalidProtocolBufferException e) {
      throw new Unreadable(DeadLetter.Reason.UNDECODABLE, e);
    }
  }

  /**
   * Hashes a click as its sender gave it: without times of receipt and without our own findings.
   */
  public static long payloadHash(LinkClick click) {
    var payload =
        new LinkClick(
            click.identity(),
            new Subject.Link(click.subject().id(), click.subject().owner(), 0),
            click.code(),
            click.at(),
            Instant.EPOCH,
            click.requestId(),
            new LinkClick.Target(0, ""),
            click.via(),
            click.client(),
            click.campaign(),
            TrackingMode.FULL);
    return ByteBuffer.wrap(Sha256.of(LinkClickCodec.encode(payload))).getLong();
  }

  /** Decodes an envelope. Its events stay encoded, so a bad event does not affect others. */
  public static Envelope decode(byte[] bytes) throws Unreadable {
    var in = CodedInputStream.newInstance(bytes);
    var numbers = new long[12];
    var acknowledged = new ArrayList<Long>();
    var previous = new ArrayList<Long>();
    var events = new ArrayList<EncodedEvent>();
    try {
      for (int tag; (tag = in.readTag()) != 0; ) {
        var field = WireFormat.getTagFieldNumber(tag);
        switch (field) {
          case 2 -> numbers[field] = in.readFixed64();
          case 1, 3, 4, 7, 8, 10, 11 -> numbers[field] = in.readInt64();
          case 9 -> acknowledged.add(in.readInt64());
          case 13 -> previous.add(in.readFixed64());
          default -> {
            var isMessage = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (isMessage && EncodedEvent.isEvent(field)) {
              events.add(EncodedEvent.ofField(field, in.readByteArray()));
            } else {
              in.skipField(tag);
            }
          }
        }
      }
    } catch (IOException e) {
      throw new Unreadable(DeadLetter.Reason.UNDECODABLE, e);
    }
    if (numbers[1] != SCHEMA) {
      throw new Unreadable(DeadLetter.Reason.UNKNOWN_SCHEMA, null);
    }
    var heartbeat =
        new Heartbeat(
            numbers[2],
            (int) numbers[7],
            (int) numbers[8],
            Instant.ofEpochMilli(numbers[4]),
            List.copyOf(acknowledged),
            List.copyOf(previous),
            numbers[10] != 0);
    return new Envelope(
        Instant.ofEpochMilli(numbers[3]), Duration.ofMillis(numbers[11]), heartbeat, events);
  }
}
