package clicktide.redirect;

import clicktide.http.PlainAnswers;
import clicktide.http.Request;
import clicktide.link.Link;
import io.micrometer.core.instrument.Counter;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * The redirects of known links as plain answers. Their bytes are those that the server would send.
 * A request that needs a page or a question to the store has no plain answer.
 */
final class PlainRedirects implements PlainAnswers {
  private static final int FIRST_STATUS = 300;
  private static final byte[][] STARTS =
      IntStream.rangeClosed(FIRST_STATUS, 308)
          .mapToObj(PlainRedirects::start)
          .toArray(byte[][]::new);
  private static final byte[] REST =
      ascii(
          "\r\ncache-control: private, no-store\r\nx-robots-tag: noindex\r\ncontent-length: 0\r\n\r\n");

  private final LinkResolver resolver;
  private final ClickRecorder recorder;
  private final RedirectVerticle.Clocks clocks;
  private final AnswerTimers timers;
  private final Counter answered;

  PlainRedirects(
      LinkResolver resolver,
      ClickRecorder recorder,
      RedirectVerticle.Clocks clocks,
      AnswerTimers timers,
      Counter answered) {
    this.resolver = resolver;
    this.recorder = recorder;
    this.clocks = clocks;
    this.timers = timers;
    this.answered = answered;
  }

  private static byte[] start(int status) {
    return ascii("HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\nlocation: ");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public boolean answer(Request request, ByteBuf out) {
    var begun = clocks.nanos().getAsLong();
    return resolver.resolve(request) instanceof Resolution.Match(Link link, String code)
        && redirect(request, link, code, begun, out);
  }

  private boolean redirect(Request request, Link link, String code, long begun, ByteBuf out) {
    var rules = link.rules();
    var now = clocks.now().instant();
    if (link.answerAt(now) != Link.Answer.REDIRECT || rules.destination().isEmpty()) {
      return false;
    }
    recorder.record(request, link, code, now);
    answered.increment();
    out.writeBytes(STARTS[rules.status() - FIRST_STATUS]);
    out.writeCharSequence(
        RedirectLocation.location(rules, request.uri()), StandardCharsets.US_ASCII);
    out.writeBytes(REST);
    timers.record(rules.status(), clocks.nanos().getAsLong() - begun);
    return true;
  }
}
