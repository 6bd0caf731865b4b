package clicktide.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.Some;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Via;
import clicktide.event.OwnerId;
import clicktide.event.Subject;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A3: the wire form")
class EnvelopeCodecTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:01.234Z");

  private static LinkClick full(Identity identity) {
    return new LinkClick(
        identity,
        new Subject.Link(5, new OwnerId(Long.MAX_VALUE), 3),
        "abc",
        AT,
        AT.plusMillis(7),
        "request",
        307,
        Via.QR,
        new Client(
            "2001:db8::1", "Agent/1 ü", "https://example.com/", "localhost:8080", true, true),
        new Campaign("s", "m", "n", "t", "c"));
  }

  @Test
  @DisplayName("carries every field there and back")
  void carriesEveryField() {
    var events =
        List.of(
            full(new Identity.Own(-1, 2, 3, Long.MAX_VALUE)),
            full(new Identity.Collected(new OwnerId(Long.MAX_VALUE), -5, 6)),
            full(new Identity.Collected(new OwnerId(Long.MAX_VALUE), 0, 0)),
            Some.click(1, AT));
    var envelope = new Envelope(-7, AT, AT.minusSeconds(1), events);

    assertThat(EnvelopeCodec.decode(EnvelopeCodec.encode(envelope))).isEqualTo(envelope);
  }

  @Test
  @DisplayName("skips fields that it does not know")
  void skipsUnknownFields() throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.write(EnvelopeCodec.encode(new Envelope(1, AT, AT, List.of())));
    var out = CodedOutputStream.newInstance(bytes);
    out.writeString(99, "of a later version");
    out.flush();

    assertThat(EnvelopeCodec.decode(bytes.toByteArray()).node()).isEqualTo(1);
  }

  @Test
  @DisplayName("refuses other schemas and what is cut")
  void refusesOtherSchemas() {
    assertThatThrownBy(() -> EnvelopeCodec.decode(new byte[] {8, 9}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EnvelopeCodec.decode(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    var whole = EnvelopeCodec.encode(new Envelope(1, AT, AT, List.of(Some.click(1, AT))));
    assertThatThrownBy(() -> EnvelopeCodec.decode(Arrays.copyOf(whole, whole.length - 3)))
        .isInstanceOf(IllegalArgumentException.class);
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
