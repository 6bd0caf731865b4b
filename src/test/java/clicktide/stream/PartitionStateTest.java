package clicktide.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.UnknownFields;
import clicktide.wire.SavedState;
import clicktide.wire.SavedStateCodec;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("G4: the state of a partition in a fence")
class PartitionStateTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final String OLD =
      "whole w:1777809600000:1777809641000:1777809640000"
          + " n:7:1777809641000:1777809640500:2:1777809640900"
          + " n:fffffffffffffff1:1777809630000:1777809600000:1:1777809629999"
          + " b:7:2 b:fffffffffffffff1:0"
          + " s:fffffffffffffff1:1:0:0:5:7:9:12:12 s:7:2:0 s:7:2:1:0:4096";

  /** The text form that earlier versions wrote. */
  private static String old(SavedState state) {
    var text = new StringBuilder(state.isWhole() ? "whole" : "part");
    state
        .clock()
        .ifPresent(
            clock ->
                text.append(" w:")
                    .append(clock.first().toEpochMilli())
                    .append(':')
                    .append(clock.newest().toEpochMilli())
                    .append(':')
                    .append(clock.watermark().toEpochMilli()));
    for (var node : state.nodes()) {
      text.append(" n:").append(Long.toHexString(node.node()));
      text.append(':').append(node.loggedAt().toEpochMilli());
      text.append(':').append(node.oldest().toEpochMilli()).append(':').append(node.boot());
      text.append(':').append(node.sentAt().toEpochMilli());
    }
    state
        .firstBoots()
        .forEach(
            (node, boot) ->
                text.append(" b:").append(Long.toHexString(node)).append(':').append(boot));
    for (var lane : state.lanes()) {
      text.append(" s:").append(Long.toHexString(lane.node()));
      text.append(':').append(lane.boot()).append(':').append(lane.number());
      lane.ranges()
          .forEach(range -> text.append(':').append(range.from()).append(':').append(range.to()));
    }
    return text.toString();
  }

  /** A state after some random records of three nodes. */
  private static PartitionState some(Random random) {
    var state = PartitionState.begin(random.nextInt(3), 3, random.nextBoolean());
    var records = random.nextInt(40);
    for (var i = 0; i < records; i++) {
      var node = List.of(7L, -15L, Long.MAX_VALUE).get(random.nextInt(3));
      var boot = 1 + random.nextInt(4);
      var now = AT.plusMillis(i * 700L + random.nextInt(500));
      var acknowledged =
          LongStream.range(0, random.nextInt(3)).map(_ -> random.nextInt(3_000)).boxed().toList();
      var heartbeat =
          new Heartbeat(
              node,
              boot,
              random.nextInt(boot + 1),
              now.minusMillis(random.nextInt(60_000)),
              acknowledged,
              List.of(),
              random.nextInt(10) == 0);
      state.announce(heartbeat);
      for (var click = 0; click < random.nextInt(50); click++) {
        var own = new Identity.Own(node, boot, random.nextInt(2), random.nextInt(3_000));
        if (random.nextInt(20) == 0) {
          state.leaveOut(own);
        } else {
          state.isNew(own);
        }
      }
      state.observe(now, now.minusMillis(random.nextInt(200)), heartbeat);
      state.watermark();
    }
    return state;
  }

  @Test
  @DisplayName("the old text is read once, and the new form holds the same, 500 seeds")
  void theOldTextIsRead() {
    for (var seed = 0; seed < 500; seed++) {
      var state = some(new Random(seed));
      var saved = state.saved();

      var old = PartitionState.read(old(saved), Map.of(), 1, 3);
      assertThat(old.saved()).as("seed %d, old text", seed).isEqualTo(saved);
      assertThat(old.write()).as("seed %d", seed).startsWith("protobuf ").isEqualTo(state.write());
      var again = PartitionState.read(state.write(), Map.of(), 1, 3);
      assertThat(again.saved()).as("seed %d, new form", seed).isEqualTo(saved);
      assertThat(again.watermark()).isEqualTo(state.watermark());
      assertThat(again.silent()).isEqualTo(state.silent());
    }
  }

  @Test
  @DisplayName("a text of the version before is read")
  void aTextOfTheVersionBefore() {
    var state = PartitionState.read(OLD, Map.of(), 0, 1);

    assertThat(state.saved().isWhole()).isTrue();
    assertThat(state.watermark()).isEqualTo(Instant.ofEpochMilli(1_777_809_640_500L));
    assertThat(state.isNew(new Identity.Own(-15, 1, 0, 4))).isFalse();
    assertThat(state.isNew(new Identity.Own(-15, 1, 0, 5))).isTrue();
    assertThat(state.isNew(new Identity.Own(7, 1, 0, 5))).as("an earlier boot").isFalse();
    assertThat(state.isNew(new Identity.Own(7, 2, 1, 4_096))).isTrue();
  }

  @Test
  @DisplayName("the version before fails on the new form instead of guessing")
  void theVersionBeforeFails() {
    var text = some(new Random(1)).write();

    var words = text.split(" ", -1); // as it read a fence: it looked at every word but the first
    assertThat(words).hasSize(2);
    assertThat(words[1].split(":", -1)[0]).isNotIn("b", "s", "w", "n");
  }

  @Test
  @DisplayName("what this version cannot use exactly is refused")
  void whatItCannotUseIsRefused() {
    for (var text :
        List.of(
            "",
            "protobuf",
            "protobuf ",
            "protobuf CAI=",
            "protobuf CAFC",
            "protobuf !",
            "whole x:1",
            "state 1")) {
      assertThatThrownBy(() -> PartitionState.read(text, Map.of(), 0, 1))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static UnknownFieldSet later(UnknownFieldSet message) {
    var field = UnknownFieldSet.Field.newBuilder().addVarint(42).build();
    return message.toBuilder().mergeField(77, field).build();
  }

  @Test
  @DisplayName("fields of a newer version survive a batch of this one, in every message")
  void unknownFieldsSurvive() throws InvalidProtocolBufferException {
    var written = SavedStateCodec.encode(PartitionState.read(OLD, Map.of(), 0, 1).saved());
    var newer = later(UnknownFieldSet.parseFrom(written)).toBuilder();
    for (var number : List.of(6, 8)) { // nodes and lanes
      var field = UnknownFieldSet.Field.newBuilder();
      for (var message : newer.build().getField(number).getLengthDelimitedList()) {
        field.addLengthDelimited(later(UnknownFieldSet.parseFrom(message)).toByteString());
      }
      newer.clearField(number).mergeField(number, field.build());
    }
    var text = "protobuf " + Base64.getEncoder().encodeToString(newer.build().toByteArray());

    var state = PartitionState.read(text, Map.of(), 0, 1);
    state.isNew(new Identity.Own(7, 2, 1, 4_096));
    var heartbeat =
        new Heartbeat(7, 2, 2, AT.plusSeconds(60), List.of(0L, 4_097L), List.of(), false);
    state.observe(AT.plusSeconds(60), AT.plusSeconds(60), heartbeat);

    var bytes = Base64.getDecoder().decode(state.write().substring("protobuf ".length()));
    var fields = UnknownFieldSet.parseFrom(bytes);
    assertThat(fields.hasField(77)).isTrue();
    for (var number : List.of(6, 8)) {
      for (ByteString message : fields.getField(number).getLengthDelimitedList()) {
        assertThat(UnknownFieldSet.parseFrom(message).hasField(77)).as("field %d", number).isTrue();
      }
    }
    assertThat(PartitionState.begin(0, 1, true).saved().unknown()).isEqualTo(UnknownFields.NONE);
  }
}
