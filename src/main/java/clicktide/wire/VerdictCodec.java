package clicktide.wire;

import clicktide.event.Verdict;
import java.io.IOException;

/** The wire form of {@link Verdict}, message {@code Verdict} of {@code envelope.proto}. */
final class VerdictCodec {
  private VerdictCodec() {}

  static byte[] encode(Verdict verdict) {
    var example = LinkClickCodec.encode(verdict.example());
    var out = new ProtobufWriter(16 + example.length);
    out.message(1, example, example.length);
    out.varint(2, verdict.clicks());
    return out.copy();
  }

  /** Throws {@link IllegalArgumentException} if the example is no click. */
  static Verdict decode(byte[] bytes, TextSource texts) throws IOException {
    var message = new WireMessage(bytes, 3);
    var example = message.messages(1).isEmpty() ? new byte[0] : message.messages(1).getLast();
    return new Verdict(LinkClickCodec.decode(example, texts), message.integer(2));
  }
}
