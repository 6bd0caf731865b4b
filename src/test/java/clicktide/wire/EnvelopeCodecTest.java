package clicktide.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.TestClicks;
import clicktide.event.Event;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    var events = new ArrayList<Event>(clicks);
    events.add(new ShedReport(-7, 3, 1, 5, TestClicks.OWNER, Minute.of(AT), 99));
    events.add(new Verdict(full(new Identity.Collected(new OwnerId(Long.MAX_VALUE), 7, 8)), 412));
    events.add(TestClicks.click(2, AT)); // kinds may alternate
    var report =
        new Heartbeat(-7, 3, 2, AT.minusSeconds(1), List.of(0L, 7L, 1L << 40), List.of(), true);
    var encoded = events.stream().map(EncodedEvent::of).toList();

    var read =
        EnvelopeCodec.decode(
            EnvelopeCodec.encode(new Envelope(AT, Duration.ofHours(-2), report, encoded)));

    assertThat(read.sentAt()).isEqualTo(AT);
    assertThat(read.correction()).isEqualTo(Duration.ofHours(-2));
    assertThat(read.heartbeat()).isEqualTo(report);
    assertThat(read.events().stream().map(EncodedEvent::decode)).isEqualTo(events);
    assertThat(read.events().stream().map(EncodedEvent::identity))
        .isEqualTo(events.stream().map(Event::identity).toList());
  }

  @Test
  @DisplayName("keeps an event of a later version, which cannot be decoded")
  void keepsLaterEvents() throws IOException, EnvelopeCodec.Unreadable {
    var bytes = new ByteArrayOutputStream();
    bytes.write(EnvelopeCodec.encode(tick(TestClicks.click(1, AT))));
    var out = CodedOutputStream.newInstance(bytes);
    out.writeString(40, LATER);
    out.flush();

    var read = EnvelopeCodec.decode(bytes.toByteArray());

    assertThat(read.events()).extracting(EncodedEvent::isKnown).containsExactly(true, false);
    assertThat(read.events().getLast().bytes()).isEqualTo(LATER.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> read.events().getLast().decode())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(EnvelopeCodec.decode(EnvelopeCodec.encode(read)).events().getLast().bytes())
        .as("written again")
        .isEqualTo(read.events().getLast().bytes());
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
    var click = EncodedEvent.ofLinkClick(later(EncodedEvent.of(TestClicks.click(1, AT)).bytes()));

    var sent =
        EnvelopeCodec.encode(
            new Envelope(AT, Duration.ZERO, TestClicks.report(1, AT), List.of(click)));

    var read = EnvelopeCodec.decode(sent).events().getFirst();
    assertThat(read.bytes()).isEqualTo(click.bytes());
    assertThat(TestClicks.decoded(read).code()).isEqualTo("code1");
  }

  @Test
  @DisplayName("G5: a click that is encoded again keeps every field")
  void anEncodedEventKeepsUnknownFields() throws IOException {
    var sent = EncodedEvent.ofLinkClick(later(EncodedEvent.of(TestClicks.click(1, AT)).bytes()));
    var click = TestClicks.decoded(sent);

    var again = EncodedEvent.of(click.withAt(AT.plusSeconds(1))).bytes();

    assertThat(isLater(UnknownFieldSet.parseFrom(again))).isTrue();
    assertThat(EncodedEvent.ofLinkClick(again).decode()).isEqualTo(click.withAt(AT.plusSeconds(1)));
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
            List.of(
                EncodedEvent.ofLinkClick(later(EncodedEvent.of(TestClicks.click(1, AT)).bytes())),
                EncodedEvent.of(new ShedReport(9, 3, 1, 5, TestClicks.OWNER, Minute.of(AT), 99)),
                EncodedEvent.of(
                    new Verdict(full(new Identity.Collected(TestClicks.OWNER, 7, 8)), 412))));
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
    assertThat(read.events()).extracting(EncodedEvent::kind).containsExactly(5, 6, 12);
    assertThat(read.events().get(1).decode()).isEqualTo(events.events().get(1).decode());
  }

  private static Envelope tick(LinkClick... clicks) {
    var encoded = Arrays.stream(clicks).map(EncodedEvent::of).toList();
    return new Envelope(AT, Duration.ZERO, TestClicks.report(1, AT), encoded);
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
