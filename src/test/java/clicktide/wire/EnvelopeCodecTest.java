package clicktide.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.TestClicks;
import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Via;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.event.ShedReport;
import clicktide.event.Subject;
import clicktide.event.TrackingMode;
import clicktide.event.Verdict;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A3: the wire form")
class EnvelopeCodecTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:01.234Z");
  private static final String LATER = "of a later version";

  private static LinkClick full(Identity identity) {
    return new LinkClick(
        identity,
        new Subject.Link(5, new OwnerId(Long.MAX_VALUE), 3),
        "abc",
        AT,
        AT.plusMillis(7),
        "request",
        new LinkClick.Target(307, "example.net"),
        Via.QR,
        new Client(
            "2001:db8::1", "Agent/1 ü", "https://example.com/", "localhost:8080", true, true),
        new Campaign("s", "m", "n", "t", "c"),
        TrackingMode.OWN_TRAFFIC);
  }

  @Test
  @DisplayName("keeps every field")
  void carriesEveryField() throws EnvelopeCodec.Unreadable {
    var clicks =
        List.of(
            full(new Identity.Own(-1, 2, 3, Long.MAX_VALUE)),
            full(new Identity.Collected(new OwnerId(Long.MAX_VALUE), -5, 6)),
            full(new Identity.Collected(new OwnerId(Long.MAX_VALUE), 0, 0)),
            TestClicks.click(1, AT));
    var shed = List.of(new ShedReport(-7, 3, 1, 5, TestClicks.OWNER, Minute.of(AT), 99));
    var report =
        new Heartbeat(-7, 3, 2, AT.minusSeconds(1), List.of(0L, 7L, 1L << 40), List.of(), true);
    var encoded = clicks.stream().map(EncodedEvent::of).toList();
    var verdicts = List.of(new Verdict(full(new Identity.Collected(TestClicks.OWNER, 7, 8)), 412));

    var read =
        EnvelopeCodec.decode(
            EnvelopeCodec.encode(
                new Envelope(AT, Duration.ofHours(-2), report, encoded, shed, verdicts)));

    assertThat(read.sentAt()).isEqualTo(AT);
    assertThat(read.correction()).isEqualTo(Duration.ofHours(-2));
    assertThat(read.heartbeat()).isEqualTo(report);
    assertThat(read.shed()).isEqualTo(shed);
    assertThat(read.verdicts())
        .isEqualTo(
            List.of(
                new Verdict(full(new Identity.Collected(new OwnerId(Long.MAX_VALUE), 7, 8)), 412)));
    assertThat(read.clicks().stream().map(EncodedEvent::decode)).isEqualTo(clicks);
    assertThat(read.clicks().stream().map(EncodedEvent::identity))
        .isEqualTo(clicks.stream().map(LinkClick::identity).toList());
  }

  @Test
  @DisplayName("skips unknown fields")
  void skipsUnknownFields() throws IOException, EnvelopeCodec.Unreadable {
    assertThat(EnvelopeCodec.decode(later(EnvelopeCodec.encode(tick()))).heartbeat().node())
        .isEqualTo(1);
  }

  /** The bytes of a message with one more field of a later version. */
  private static byte[] later(byte[] message) throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.write(message);
    var out = CodedOutputStream.newInstance(bytes);
    out.writeString(99, LATER);
    out.flush();
    return bytes.toByteArray();
  }

  private static boolean isLater(UnknownFieldSet message) {
    return message
        .getField(99)
        .getLengthDelimitedList()
        .equals(List.of(ByteString.copyFromUtf8(LATER)));
  }

  @Test
  @DisplayName("a click keeps every field on its way from the journal into an envelope")
  void aClickKeepsUnknownFields() throws IOException, EnvelopeCodec.Unreadable {
    var click = EncodedEvent.of(later(EncodedEvent.of(TestClicks.click(1, AT)).bytes()));

    var sent =
        EnvelopeCodec.encode(
            new Envelope(
                AT, Duration.ZERO, TestClicks.report(1, AT), List.of(click), List.of(), List.of()));

    var read = EnvelopeCodec.decode(sent).clicks().getFirst();
    assertThat(read.bytes()).isEqualTo(click.bytes());
    assertThat(read.decode().code()).isEqualTo("code1");
  }

  @Test
  @DisplayName("G5: a click that is encoded again keeps every field")
  void anEncodedEventKeepsUnknownFields() throws IOException {
    var click = EncodedEvent.of(later(EncodedEvent.of(TestClicks.click(1, AT)).bytes())).decode();

    var again = EncodedEvent.of(click.withAt(AT.plusSeconds(1))).bytes();

    assertThat(isLater(UnknownFieldSet.parseFrom(again))).isTrue();
    assertThat(EncodedEvent.of(again).decode()).isEqualTo(click.withAt(AT.plusSeconds(1)));
    assertThat(EnvelopeCodec.payloadHash(click))
        .as("the same for a version that does not know the field")
        .isEqualTo(EnvelopeCodec.payloadHash(TestClicks.click(click.identity(), 1, AT)));
  }

  @Test
  @DisplayName("G10: a dead letter is sent again with every field, and without its old heartbeat")
  void aDeadLetterKeepsUnknownFields() throws IOException, EnvelopeCodec.Unreadable {
    var events =
        new Envelope(
            AT,
            Duration.ofMillis(7),
            new Heartbeat(9, 3, 2, AT, List.of(5L, 0L), List.of(), false),
            List.of(EncodedEvent.of(later(EncodedEvent.of(TestClicks.click(1, AT)).bytes()))),
            List.of(new ShedReport(9, 3, 1, 5, TestClicks.OWNER, Minute.of(AT), 99)),
            List.of(new Verdict(full(new Identity.Collected(TestClicks.OWNER, 7, 8)), 412)));
    var letter = UnknownFieldSet.parseFrom(EnvelopeCodec.encode(events)).toBuilder();
    for (var number : List.of(6, 12)) {
      var message = letter.build().getField(number).getLengthDelimitedList().getFirst();
      var field = UnknownFieldSet.Field.newBuilder();
      field.addLengthDelimited(ByteString.copyFrom(later(message.toByteArray())));
      letter.clearField(number).mergeField(number, field.build());
    }

    var sent = EnvelopeCodec.withoutHeartbeat(later(letter.build().toByteArray()));

    var fields = UnknownFieldSet.parseFrom(sent);
    assertThat(isLater(fields)).isTrue();
    for (var number : List.of(5, 6, 12)) {
      var message = fields.getField(number).getLengthDelimitedList().getFirst();
      assertThat(isLater(UnknownFieldSet.parseFrom(message))).as("field %d", number).isTrue();
    }
    var read = EnvelopeCodec.decode(sent);
    assertThat(read.heartbeat()).isEqualTo(Heartbeat.NONE);
    assertThat(read.sentAt()).isEqualTo(events.sentAt());
    assertThat(read.correction()).isEqualTo(events.correction());
    assertThat(read.shed()).isEqualTo(events.shed());
    assertThat(read.verdicts()).hasSize(1);
  }

  private static Envelope tick(LinkClick... clicks) {
    var encoded = Arrays.stream(clicks).map(EncodedEvent::of).toList();
    return new Envelope(AT, Duration.ZERO, TestClicks.report(1, AT), encoded, List.of(), List.of());
  }

  @Test
  @DisplayName("G5: a payload has the fields of its sender only")
  void aPayloadIsWhatItsSenderSaid() {
    var click = full(new Identity.Collected(TestClicks.OWNER, 1, 2));
    var later =
        new LinkClick(
            click.identity(),
            new Subject.Link(5, new OwnerId(Long.MAX_VALUE), 4),
            click.code(),
            click.at(),
            click.receivedAt().plusSeconds(9),
            click.requestId(),
            new LinkClick.Target(301, "example.org"),
            click.via(),
            click.client(),
            click.campaign(),
            TrackingMode.FULL);

    assertThat(EnvelopeCodec.payloadHash(later)).isEqualTo(EnvelopeCodec.payloadHash(click));
    assertThat(EnvelopeCodec.payloadHash(click.withAt(AT.plusSeconds(1))))
        .isNotEqualTo(EnvelopeCodec.payloadHash(click));
  }

  @Test
  @DisplayName("refuses other schemas and cut bytes")
  void refusesOtherSchemas() {
    assertThatThrownBy(() -> EnvelopeCodec.decode(new byte[] {8, 9}))
        .isInstanceOf(EnvelopeCodec.Unreadable.class);
    assertThatThrownBy(() -> EnvelopeCodec.decode(new byte[0]))
        .isInstanceOf(EnvelopeCodec.Unreadable.class);
    var whole = EnvelopeCodec.encode(tick(TestClicks.click(1, AT)));
    assertThatThrownBy(() -> EnvelopeCodec.decode(Arrays.copyOf(whole, whole.length - 3)))
        .isInstanceOf(EnvelopeCodec.Unreadable.class);
  }

  @Test
  @DisplayName("B5: a run of clicks shares a partition, and runs spread over all of them")
  void runsSpread() {
    var partitions = new int[12];
    for (var sequence = 0L; sequence < 512 * 1_200; sequence += 512) {
      var first = new Identity.Own(1, 1, 0, sequence).partition(12);
      assertThat(new Identity.Own(1, 1, 0, sequence + 511).partition(12)).isEqualTo(first);
      partitions[first]++;
    }
    assertThat(Arrays.stream(partitions).min().getAsInt()).isGreaterThan(60);
  }
}
