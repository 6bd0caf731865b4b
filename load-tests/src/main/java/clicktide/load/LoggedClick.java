package clicktide.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A click in the log, as peers of the product need it: {@code lane} names the sender, whose {@code
 * sequence} rises with each click. {@code minute} is counted from 1970.
 */
record LoggedClick(String lane, long sequence, long link, long minute) {
  private static final int LINK_CLICKS = 5; // numbers of fields in envelope.proto
  private static final int NODE = 1;
  private static final int BOOT = 2;
  private static final int LANE = 3;
  private static final int SEQUENCE = 4;
  private static final int LINK = 7;
  private static final int AT = 11;
  private static final long MILLIS_PER_MINUTE = 60_000;

  /** Reads the clicks of an envelope. */
  static List<LoggedClick> readAll(byte[] envelope) throws IOException {
    var clicks = new ArrayList<LoggedClick>();
    var in = CodedInputStream.newInstance(envelope);
    for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == LINK_CLICKS) {
        var limit = in.pushLimit(in.readRawVarint32());
        clicks.add(read(in));
        in.popLimit(limit);
      } else {
        in.skipField(tag);
      }
    }
    return clicks;
  }

  private static LoggedClick read(CodedInputStream in) throws IOException {
    var node = 0L;
    var boot = 0;
    var lane = 0;
    var sequence = 0L;
    var link = 0L;
    var at = 0L;
    for (var tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case NODE -> node = in.readFixed64();
        case BOOT -> boot = in.readInt32();
        case LANE -> lane = in.readInt32();
        case SEQUENCE -> sequence = in.readInt64();
        case LINK -> link = in.readInt64();
        case AT -> at = in.readInt64();
        default -> in.skipField(tag);
      }
    }
    return new LoggedClick(
        node + "." + boot + "." + lane, sequence, link, Math.floorDiv(at, MILLIS_PER_MINUTE));
  }
}
