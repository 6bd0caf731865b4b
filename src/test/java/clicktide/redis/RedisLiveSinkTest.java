package clicktide.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.bus.Addresses;
import clicktide.bus.ByReference;
import clicktide.bus.Counted;
import clicktide.count.Dimension;
import clicktide.count.Some;
import clicktide.count.Visit;
import clicktide.embedded.TestServers;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.store.Sink;
import clicktide.store.SinkContract;
import clicktide.store.Whose;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C1: the hot hour in Redis")
class RedisLiveSinkTest extends SinkContract {
  private final Vertx vertx = Vertx.vertx();
  private final RedisServers redis =
      new RedisServers(vertx, URI.create(TestServers.endpoints().redis()));
  private final RedisLiveCounts counts = new RedisLiveCounts(redis);

  @Override
  protected void prepare() {
    redis.send(Request.cmd(Command.FLUSHDB)).await();
  }

  @AfterEach
  void close() {
    redis.close();
    vertx.close().await();
  }

  @Override
  protected Sink writer() {
    return new RedisLiveSink(redis);
  }

  @Override
  protected long counted(long link) {
    var now = Minute.of(NOW);
    return counts.link(link, now.plus(-30), now.plus(1)).await().links().values().stream()
        .flatMap(minutes -> minutes.values().stream())
        .mapToLong(clicks -> clicks.total())
        .sum();
  }

  @Test
  @DisplayName("an owner's picture has every link, minute and the positions that it counts to")
  void anOwnersPicture() {
    var sink = writer();
    var position = takeOver(sink, 0);
    sink.apply(
        TOPIC,
        List.of(
            slice(
                0,
                position,
                100,
                List.of(
                    Some.visit(1, NOW), Some.visit(2, NOW), Some.visit(2, NOW.minusSeconds(60))))));

    var now = Minute.of(NOW);
    var picture = counts.owner(Some.OWNER, now.plus(-59), now.plus(1)).await();

    assertThat(picture.links()).containsOnlyKeys(1L, 2L);
    assertThat(picture.links().get(2L)).containsOnlyKeys(now, now.plus(-1));
    assertThat(picture.parts().getFirst().next()).isEqualTo(110);
    assertThat(picture.freshness().through()).isEqualTo(NOW);
  }

  @Test
  @DisplayName("E9: the newest clicks of a link and an owner are kept, over partitions and slices")
  void theNewestClicks() {
    var recent = new RedisRecentClicks(redis);
    var sink = writer();
    var link = new Whose.Link(1, Some.OWNER);
    var owner = new Whose.Owner(Some.OWNER);
    for (var partition = 0; partition < 2; partition++) {
      var position = takeOver(sink, partition);
      for (var part = 0; part < 3; part++) {
        var visits = new ArrayList<Visit>();
        for (var i = 0; i < 60; i++) {
          var at = NOW.plusMillis(part * 120 + i * 2 + partition);
          visits.add(Some.visit(1, at));
        }
        visits.add(Some.visit(2, NOW.minusSeconds(1)));
        sink.apply(TOPIC, List.of(slice(partition, position, 100 + part * 10, visits)));
      }
    }

    var newest = recent.newest(link, 100).await();
    assertThat(newest).hasSize(100);
    assertThat(newest.getFirst().at()).isEqualTo(NOW.plusMillis(359));
    assertThat(newest.getLast().at()).isEqualTo(NOW.plusMillis(260));
    assertThat(newest.getFirst().code()).isEqualTo("code1");
    assertThat(newest.getFirst().values()).isEqualTo(Dimension.allOf(Some.visit(1, NOW)));
    assertThat(recent.newest(owner, 1_000).await()).hasSize(366);
    assertThat(recent.newest(link, 1).await()).hasSize(1);
    assertThat(recent.newest(new Whose.Link(1, new OwnerId(8)), 100).await()).isEmpty();
  }

  @Test
  @DisplayName("a click older than the hot hour is not counted here")
  void anOldClickIsNotCountedHere() {
    var sink = writer();
    var old = Some.click(1, NOW.minusSeconds(3_600));
    var visit = Some.visit(old, clicktide.count.Traffic.HUMAN, "DE", "firefox", 1);
    var late = Some.logged(visit, NOW);

    sink.apply(TOPIC, List.of(slice(0, takeOver(sink, 0), 100, List.of(late))));

    var minute = Minute.of(old.at());
    assertThat(counts.link(1, minute, minute.plus(1)).await().links()).isEmpty();
  }

  @Test
  @DisplayName("a writer from before the store was emptied is refused")
  void aWriterFromBeforeIsRefused() {
    var sink = writer();
    var before = takeOver(sink, 0);
    redis.send(Request.cmd(Command.FLUSHDB)).await();
    takeOver(writer(), 0);

    assertThatThrownBy(() -> sink.apply(TOPIC, List.of(slice(0, before, 100, List.of()))))
        .isInstanceOf(Sink.Refused.class)
        .hasMessageContaining("incarnation");
  }

  @Test
  @DisplayName("another topic is refused loudly")
  void anotherTopicIsRefused() {
    takeOver(writer(), 0);

    assertThatThrownBy(() -> writer().takeOver("made anew", 0, () -> 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another log");
  }

  @Test
  @DisplayName("E9: the increments of a slice reach the bus with its positions")
  void theIncrementsReachTheBus() throws InterruptedException {
    ByReference.register(vertx);
    var heard = new LinkedBlockingQueue<Counted>();
    Addresses.COUNTED.consume(vertx, heard::add);
    var feed = new RedisFeed(vertx, redis);
    feed.start().await();
    var sink = writer();

    sink.apply(TOPIC, List.of(slice(3, takeOver(sink, 3), 100, List.of(Some.visit(9, NOW)))));

    var counted = heard.poll(10, TimeUnit.SECONDS);
    assertThat(counted.partition()).isEqualTo(3);
    assertThat(counted.from()).isEqualTo(100);
    assertThat(counted.to()).isEqualTo(110);
    assertThat(counted.increments())
        .containsExactly(new Counted.Increment(9, Some.OWNER, Minute.of(NOW), 1));
    feed.close();
  }
}
