package clicktide.redirect;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.TestClicks;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.redirect.Resolution.Match;
import clicktide.redirect.Resolution.NoLink;
import clicktide.time.ManualTime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A5: codes that the replica does not hold")
@ExtendWith(VertxExtension.class)
class LinkLookupTest {
  private static final Instant NOON = Instant.parse("2026-05-03T12:00:00Z");
  private static final Link LINK =
      new Link(
          1,
          "abc",
          TestClicks.OWNER,
          Rules.to("https://example.com/"),
          Link.Notes.NONE,
          1,
          NOON,
          NOON);

  private final ManualTime time = new ManualTime(NOON);
  private final List<Promise<Optional<Link>>> questions = new CopyOnWriteArrayList<>();
  private final LinkLookup lookup = new LinkLookup(_ -> ask(), time);

  private Future<Optional<Link>> ask() {
    var question = Promise.<Optional<Link>>promise();
    questions.add(question);
    return question.future();
  }

  private Future<Resolution> find(Context loop, String code) {
    return find(loop, code, "203.0.113.9");
  }

  /** Asks on an event loop. The future is completed where the lookup completes it. */
  private Future<Resolution> find(Context loop, String code, String address) {
    var asked = Promise.<Future<Resolution>>promise();
    loop.runOnContext(_ -> asked.complete(lookup.find(code, address)));
    return asked.future().await();
  }

  private static ContextInternal loop(Vertx vertx) {
    return ((VertxInternal) vertx).createEventLoopContext();
  }

  @Test
  @DisplayName("two event loops share one question, and each gets the answer on its own thread")
  void eachGetsTheAnswerOnItsOwnThread(Vertx vertx) {
    var threads = new ArrayList<Future<Boolean>>();
    for (var loop : List.of(loop(vertx), loop(vertx))) {
      threads.add(find(loop, "abc").map(_ -> loop.isRunningOnContext()));
    }

    assertThat(questions).hasSize(1);
    questions.getFirst().complete(Optional.of(LINK));

    assertThat(threads).extracting(outcome -> outcome.await()).containsExactly(true, true);
  }

  @Test
  @DisplayName("a store that hangs is unavailable after 2 s, before the port closes the connection")
  void doesNotWaitForever(Vertx vertx) {
    assertThat(find(loop(vertx), "abc").await()).isEqualTo(NoLink.STORE_UNAVAILABLE);
    assertThat(questions).hasSize(1);
  }

  @Test
  @DisplayName("absence is remembered for a second; a link and a failure are not")
  void absenceIsRemembered(Vertx vertx) {
    var loop = loop(vertx);
    var outcomes = new ArrayList<Future<Resolution>>();
    outcomes.add(find(loop, "abc"));
    questions.get(0).complete(Optional.empty());
    outcomes.add(find(loop, "abc"));
    time.advance(Duration.ofSeconds(1));
    outcomes.add(find(loop, "abc"));
    questions.get(1).fail("the store does not answer");
    outcomes.add(find(loop, "abc"));
    questions.get(2).complete(Optional.of(LINK));
    outcomes.add(find(loop, "abc"));
    questions.get(3).complete(Optional.empty());

    assertThat(outcomes)
        .extracting(outcome -> outcome.await())
        .containsExactly(
            NoLink.NOT_FOUND,
            NoLink.NOT_FOUND,
            NoLink.STORE_UNAVAILABLE,
            Match.of(LINK),
            NoLink.NOT_FOUND);
  }

  @Test
  @DisplayName("at most 64 questions are under way, and one that is answered makes room")
  void questionsAreLimited(Vertx vertx) {
    var loop = loop(vertx);
    for (var i = 0; i < 64; i++) {
      var _ = find(loop, "code" + i);
    }
    assertThat(find(loop, "abc").await()).isEqualTo(NoLink.STORE_UNAVAILABLE);

    questions.getFirst().complete(Optional.empty());
    var next = find(loop, "abc");
    questions.getLast().complete(Optional.of(LINK));
    assertThat(next.await()).isEqualTo(Match.of(LINK));
  }

  @Test
  @DisplayName("an IPv6 network of 64 bits is limited as one, whatever is asked of the store")
  void networksAreLimited(Vertx vertx) {
    var loop = loop(vertx);
    for (var i = 0; i < 60; i++) {
      var outcome = find(loop, "code" + i, "2001:db8::" + Integer.toHexString(i));
      questions.getLast().complete(Optional.empty());
      assertThat(outcome.await()).isEqualTo(NoLink.NOT_FOUND);
    }

    assertThat(find(loop, "abc", "2001:db8::ffff").await()).isEqualTo(NoLink.LIMITED);
    var other = find(loop, "abc", "2001:db8:0:1::1");
    questions.getLast().complete(Optional.of(LINK));
    assertThat(other.await()).isEqualTo(Match.of(LINK));
  }

  @Test
  @DisplayName("IPv6 networks of 64 bits within one of 48 bits are limited together as well")
  void largeNetworksAreLimited(Vertx vertx) {
    var loop = loop(vertx);
    for (var i = 0; i < 600; i++) {
      var outcome = find(loop, "code" + i, "2001:db8:0:%x::1".formatted(i));
      questions.getLast().complete(Optional.empty());
      assertThat(outcome.await()).isEqualTo(NoLink.NOT_FOUND);
    }

    assertThat(find(loop, "abc", "2001:db8:0:ffff::1").await()).isEqualTo(NoLink.LIMITED);
    var other = find(loop, "abc", "2001:db8:1::1");
    questions.getLast().complete(Optional.of(LINK));
    assertThat(other.await()).isEqualTo(Match.of(LINK));
  }
}
