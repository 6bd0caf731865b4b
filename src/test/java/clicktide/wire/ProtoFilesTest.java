package clicktide.wire;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Via;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.event.ShedReport;
import clicktide.event.Subject;
import clicktide.event.TrackingMode;
import clicktide.event.UnknownFields;
import clicktide.event.Verdict;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.link.Link.State;
import clicktide.link.Link.Tracking;
import clicktide.net.Network;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("the codecs write what the .proto files say: every field, under its number and type")
class ProtoFilesTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:01.234Z");
  private static final Pattern BLOCK = Pattern.compile("(?s)(message|enum) (\\w+) \\{(.*?)\\n\\}");
  private static final Pattern FIELD =
      Pattern.compile("(?m)^ +(repeated )?(\\w+|map<.*>) \\w+ = (\\d+)( \\[packed = false\\])?;");
  private static final Pattern CONSTANT = Pattern.compile("(?m)^ +(\\w+) = (\\d+);");

  private enum WireType {
    VARINT,
    FIXED64,
    LENGTH_DELIMITED
  }

  private static Map<String, String> blocks(String file) {
    try (var in = LinkClickCodec.class.getResourceAsStream("/clicktide/" + file)) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return BLOCK
          .matcher(text)
          .results()
          .collect(Collectors.toMap(b -> b.group(2), b -> b.group(3)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<Integer, WireType> fields(String file, String message) {
    var fields = new TreeMap<Integer, WireType>();
    FIELD
        .matcher(blocks(file).get(message))
        .results()
        .forEach(
            field -> {
              var isPacked = field.group(1) != null && field.group(4) == null;
              fields.put(Integer.parseInt(field.group(3)), type(field.group(2), isPacked));
            });
    return fields;
  }

  private static WireType type(String name, boolean isPacked) {
    return switch (name) {
      case "int32", "int64", "bool", "Via", "TrackingMode", "State", "Tracking" ->
          isPacked ? WireType.LENGTH_DELIMITED : WireType.VARINT;
      case "fixed64" -> WireType.FIXED64;
      default -> WireType.LENGTH_DELIMITED;
    };
  }

  private static Map<Integer, WireType> written(byte[]... messages)
      throws InvalidProtocolBufferException {
    var fields = new TreeMap<Integer, WireType>();
    for (var message : messages) {
      UnknownFieldSet.parseFrom(message)
          .asMap()
          .forEach((number, field) -> fields.put(number, type(field)));
    }
    return fields;
  }

  private static WireType type(UnknownFieldSet.Field field) {
    if (!field.getVarintList().isEmpty()) {
      return WireType.VARINT;
    }
    return field.getFixed64List().isEmpty() ? WireType.LENGTH_DELIMITED : WireType.FIXED64;
  }

  private static byte[] nested(byte[] message, int field) throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(message)
        .getField(field)
        .getLengthDelimitedList()
        .getFirst()
        .toByteArray();
  }

  private static LinkClick click(Identity identity) {
    return new LinkClick(
        identity,
        new Subject.Link(5, new OwnerId(7), 3),
        "abc",
        AT,
        AT,
        "request",
        new LinkClick.Target(307, "example.net"),
        Via.QR,
        new LinkClick.Client("2001:db8::1", "Agent", "https://example.com/", "host", true, true),
        new LinkClick.Campaign("s", "m", "n", "t", "c"),
        TrackingMode.OWN_TRAFFIC);
  }

  @Test
  @DisplayName("envelope.proto")
  void ofTheLog() throws InvalidProtocolBufferException {
    var collected = new Identity.Collected(new OwnerId(7), 1, 2);
    var own = EncodedEvent.of(click(new Identity.Own(9, 3, 1, 5)));
    var envelope =
        EnvelopeCodec.encode(
            new Envelope(
                AT,
                Duration.ofMillis(7),
                new Heartbeat(9, 3, 2, AT, List.of(5L), List.of(-3L), true),
                List.of(
                    own,
                    EncodedEvent.of(new ShedReport(9, 3, 1, 5, new OwnerId(7), Minute.of(AT), 99)),
                    EncodedEvent.of(new Verdict(click(collected), 412)))));

    var file = "envelope.proto";
    assertThat(written(envelope)).isEqualTo(fields(file, "Envelope"));
    assertThat(written(own.bytes(), nested(nested(envelope, 12), 1)))
        .isEqualTo(fields(file, "LinkClick"));
    assertThat(written(nested(envelope, 6))).isEqualTo(fields(file, "ShedReport"));
    assertThat(written(nested(envelope, 12))).isEqualTo(fields(file, "Verdict"));
  }

  @Test
  @DisplayName("partition_state.proto")
  void ofTheFences() throws InvalidProtocolBufferException {
    var state =
        SavedStateCodec.encode(
            new SavedState(
                true,
                Optional.of(new SavedState.BrokerClock(AT, AT, AT)),
                List.of(new SavedState.SavedNode(9, 3, AT, AT, AT, UnknownFields.NONE)),
                Map.of(9L, 3),
                List.of(
                    new SavedState.SavedLane(
                        9, 3, 1, List.of(new SavedState.SequenceRange(0, 5)), UnknownFields.NONE)),
                UnknownFields.NONE));

    var file = "partition_state.proto";
    assertThat(written(state)).isEqualTo(fields(file, "PartitionState"));
    assertThat(written(nested(state, 6))).isEqualTo(fields(file, "Node"));
    assertThat(written(nested(state, 8))).isEqualTo(fields(file, "Lane"));
  }

  @Test
  @DisplayName("link_snapshot.proto")
  void ofTheSnapshot() throws IOException {
    var networks = List.of(Network.parse("203.0.113.0/24").orElseThrow());
    var rules =
        Rules.to("https://example.com/")
            .withState(State.DELETED)
            .withTracking(Tracking.OFF)
            .withStart(AT)
            .withEnd(AT)
            .withQuery(true);
    var link = new Link(1, "abc", new OwnerId(7), rules, Link.Notes.NONE, 1, AT, AT);
    var bytes = new ByteArrayOutputStream();
    var out = new SnapshotOutput(bytes);
    out.write(new SnapshotHeader("started", AT, Map.of(new OwnerId(7), networks), 1));
    out.write(link);

    var in = CodedInputStream.newInstance(bytes.toByteArray());
    var header = in.readByteArray();
    var file = "link_snapshot.proto";
    assertThat(written(header)).isEqualTo(fields(file, "Header"));
    assertThat(written(nested(header, 4))).isEqualTo(fields(file, "Owner"));
    assertThat(written(in.readByteArray())).isEqualTo(fields(file, "Link"));
    assertThat(in.isAtEnd()).isTrue();
    assertThat(Arrays.stream(State.values()).map(one -> one.name() + SnapshotOutput.id(one)))
        .containsExactlyElementsOf(constants(file, "State"));
    assertThat(Arrays.stream(Tracking.values()).map(one -> one.name() + SnapshotOutput.id(one)))
        .containsExactlyElementsOf(constants(file, "Tracking"));
  }

  @Test
  @DisplayName("enums")
  void ofEnums() {
    assertThat(Arrays.stream(TrackingMode.values()).map(one -> one.name() + one.id()))
        .containsExactlyElementsOf(constants("envelope.proto", "TrackingMode"));
    assertThat(Arrays.stream(Via.values()).map(one -> one.name() + one.id()))
        .containsExactlyElementsOf(constants("envelope.proto", "Via"));
  }

  private static List<String> constants(String file, String name) {
    return CONSTANT
        .matcher(blocks(file).get(name))
        .results()
        .map(constant -> constant.group(1) + constant.group(2))
        .toList();
  }
}
