package clicktide.wire;

import clicktide.event.DeadLetter;
import clicktide.event.Heartbeat;
import clicktide.event.LinkClick;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.event.Sha256;
import clicktide.event.ShedReport;
import clicktide.event.Subject;
import clicktide.event.TrackingMode;
import clicktide.event.Verdict;
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
    var size = envelope.clicks().stream().mapToInt(click -> click.bytes().length + 8).sum();
    var out = new ProtobufWriter(128 + size);
    out.varint(1, SCHEMA);
    out.varint(3, envelope.sentAt().toEpochMilli());
    out.varint(11, envelope.correction().toMillis());
    write(heartbeat, out);
    envelope.clicks().forEach(click -> out.message(5, click.bytes(), click.bytes().length));
    for (var shed : envelope.shed()) {
      var message = encode(shed);
      out.message(6, message, message.length);
    }
    for (var verdict : envelope.verdicts()) {
      var message = encode(verdict);
      out.message(12, message, message.length);
    }
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

  private static byte[] encode(ShedReport shed) {
    var out = new ProtobufWriter(64);
    out.fixed64(1, shed.node());
    out.varint(2, shed.boot());
    out.varint(3, shed.lane());
    out.varint(4, shed.link());
    out.varint(5, shed.owner().number());
    out.varint(6, shed.minute().number());
    out.varint(7, shed.clicks());
    return out.copy();
  }

  private static byte[] encode(Verdict verdict) {
    var example = LinkClickCodec.encode(verdict.example());
    var out = new ProtobufWriter(16 + example.length);
    out.message(1, example, example.length);
    out.varint(2, verdict.clicks());
    return out.copy();
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

  /** Decodes an envelope. Its clicks stay encoded, so a bad click does not affect others. */
  public static Envelope decode(byte[] bytes) throws Unreadable {
    var in = CodedInputStream.newInstance(bytes);
    var numbers = new long[12];
    var acknowledged = new ArrayList<Long>();
    var previous = new ArrayList<Long>();
    var clicks = new ArrayList<EncodedEvent>();
    var shed = new ArrayList<ShedReport>();
    var verdicts = new ArrayList<Verdict>();
    try {
      for (int tag; (tag = in.readTag()) != 0; ) {
        var field = WireFormat.getTagFieldNumber(tag);
        switch (field) {
          case 2 -> numbers[field] = in.readFixed64();
          case 1, 3, 4, 7, 8, 10, 11 -> numbers[field] = in.readInt64();
          case 5 -> clicks.add(EncodedEvent.of(in.readByteArray()));
          case 6 -> shed.add(shed(in.readByteArray()));
          case 12 -> verdicts.add(verdict(in.readByteArray()));
          case 9 -> acknowledged.add(in.readInt64());
          case 13 -> previous.add(in.readFixed64());
          default -> in.skipField(tag);
        }
      }
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      // errors of the wire format, or of values in it
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
        Instant.ofEpochMilli(numbers[3]),
        Duration.ofMillis(numbers[11]),
        heartbeat,
        clicks,
        shed,
        verdicts);
  }

  private static Verdict verdict(byte[] bytes) throws IOException {
    var message = new WireMessage(bytes, 3);
    var example = message.messages(1).isEmpty() ? new byte[0] : message.messages(1).getLast();
    return new Verdict(LinkClickCodec.decode(example, TextSource.NEW), message.integer(2));
  }

  private static ShedReport shed(byte[] bytes) throws IOException {
    var message = new WireMessage(bytes, 8);
    return new ShedReport(
        message.number(1),
        message.integer(2),
        message.integer(3),
        message.number(4),
        new OwnerId(message.number(5)),
        new Minute(message.number(6)),
        message.number(7));
  }
}
