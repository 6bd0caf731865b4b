package clicktide.wire;

import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.event.ShedReport;
import java.io.IOException;

/** The wire form of {@link ShedReport}, message {@code ShedReport} of {@code envelope.proto}. */
final class ShedReportCodec {
  private ShedReportCodec() {}

  static byte[] encode(ShedReport report) {
    var out = new ProtobufWriter(64);
    out.fixed64(1, report.node());
    out.varint(2, report.boot());
    out.varint(3, report.lane());
    out.varint(4, report.link());
    out.varint(5, report.owner().number());
    out.varint(6, report.minute().number());
    out.varint(7, report.clicks());
    return out.copy();
  }

  static ShedReport decode(byte[] bytes) throws IOException {
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
