package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("B4: compressed bodies")
class InflateTest {
  private static byte[] gzip(byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  private static int status(byte[] body, String coding) {
    try {
      Inflate.body(body, coding);
      return 200;
    } catch (Problem.Raised raised) {
      return raised.problem().status();
    }
  }

  @Test
  @DisplayName("are taken whole")
  void areTakenWhole() throws IOException {
    var text = new StringBuilder();
    new Random(1).ints(20_000).forEach(number -> text.append(number).append(','));
    var content = text.toString().getBytes(StandardCharsets.UTF_8);
    assertThat(Inflate.body(gzip(content), "gzip")).isEqualTo(content);
    assertThat(Inflate.body(content, "identity")).isEqualTo(content);
  }

  @Test
  @DisplayName("that are truncated, damaged, doubled or followed by something are 400")
  void thatAreNotWholeAre400() throws IOException {
    var whole = gzip("hello hello hello".getBytes(StandardCharsets.UTF_8));
    for (var length = 0; length < whole.length; length++) {
      assertThat(status(Arrays.copyOf(whole, length), "gzip"))
          .as("cut at %d", length)
          .isEqualTo(400);
    }
    assertThat(status(Arrays.copyOf(whole, whole.length + 1), "gzip")).isEqualTo(400);
    var doubled = new ByteArrayOutputStream();
    doubled.write(whole);
    doubled.write(whole);
    assertThat(status(doubled.toByteArray(), "gzip")).isEqualTo(400);
    var damaged = whole.clone();
    damaged[damaged.length - 5] ^= 1;
    assertThat(status(damaged, "gzip")).isEqualTo(400);
  }

  @Test
  @DisplayName("that explode are 413, unknown codings are 415")
  void thatExplodeAre413() throws IOException {
    assertThat(status(gzip(new byte[8 << 20]), "gzip")).isEqualTo(413);
    for (var coding : new String[] {"br", "zstd", "deflate", "gzip, gzip", "identity, gzip"}) {
      assertThat(status(new byte[10], coding)).isEqualTo(415);
    }
  }

  /** Puts a name of that many characters into the header of a member. */
  private static byte[] named(byte[] member, int length) throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.write(member, 0, 3);
    bytes.write(8); // the flag of a name
    bytes.write(member, 4, 6);
    bytes.write("n".repeat(length).getBytes(StandardCharsets.US_ASCII));
    bytes.write(0);
    bytes.write(member, 10, member.length - 10);
    return bytes.toByteArray();
  }

  @Test
  @DisplayName("cannot have a long header, and their header does not count for the ratio")
  void cannotHaveALongHeader() throws IOException {
    var zeros = gzip(new byte[3 << 20]); // the ratio is about 1,000
    assertThat(status(zeros, "gzip")).isEqualTo(413);
    assertThat(status(named(zeros, 40_000), "gzip")).isEqualTo(400);
    assertThat(status(named(zeros, 255), "gzip")).isEqualTo(413);

    var small = gzip("hello".getBytes(StandardCharsets.UTF_8));
    assertThat(status(named(small, 255), "gzip")).isEqualTo(200);
    assertThat(status(named(small, 1_100), "gzip")).isEqualTo(400);
  }

  @Test
  @DisplayName("that ask for more than a member's optional fields have are 400")
  void thatLieAboutTheirHeaderAre400() {
    var header = new byte[] {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};
    assertThat(status(header, "gzip")).isEqualTo(400);
    assertThatThrownBy(() -> Inflate.body(new byte[] {1, 2, 3}, "gzip"))
        .hasMessageContaining("not gzip");
  }
}
