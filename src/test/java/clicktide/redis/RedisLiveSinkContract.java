package clicktide.redis;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.bus.Addresses;
import clicktide.bus.ByReference;
import clicktide.bus.LiveGap;
import clicktide.bus.LiveIncrement;
import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.count.Outcome;
import clicktide.count.TestClicks;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Traffic;
import clicktide.event.Identity;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Batch;
import clicktide.store.DeploymentName;
import clicktide.store.RecentClicks.RecentClick;
import clicktide.store.Sink;
import clicktide.store.SinkContract;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The hot hour in Redis (C1), on one server and on a cluster. */
abstract class RedisLiveSinkContract extends SinkContract {
  private final Vertx vertx = Vertx.vertx();
  final RedisServers redis;
  private final RedisLiveCounts counts;

  /** A whole minute of the real time, since Redis expires keys by its own clock. */
  RedisLiveSinkContract(String uri) {
    super(Instant.now().truncatedTo(ChronoUnit.MINUTES));
    var address = new RedisAddress(URI.create(uri), Optional.empty());
    redis = new RedisServers(vertx, address, DeploymentName.NONE, DeclaredKeys::watch);
    counts = new RedisLiveCounts(redis);
  }

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
    return new RedisLiveSink(redis, UUID::randomUUID);
  }

  private static AnalyticsTarget.LinkTarget target(long link) {
    return new AnalyticsTarget.LinkTarget(link, TestClicks.OWNER);
  }

  @Override
  protected long counted(long link) {
    var minute = Minute.of(now);
    return counts
        .link(target(link), minute.plus(-30), minute.plus(1))
        .await()
        .links()
        .values()
        .stream()
        .flatMap(minutes -> minutes.values().stream())
        .mapToLong(clicks -> clicks.total())
        .sum();
  }

  @Test
  @DisplayName(
      "a snapshot of an owner has every link and minute, and the positions that it counts to")
  void aSnapshotOfAnOwner() {
    var sink = writer();
    var position = takeOver(sink, 0);
    sink.apply(
        TOPIC,
        List.of(
            batch(
                0,
                position,
                100,
                List.of(
                    TestClicks.visit(1, now),
                    TestClicks.visit(2, now),
                    TestClicks.visit(2, now.minusSeconds(60))))));

    var minute = Minute.of(now);
    var snapshot = counts.owner(TestClicks.OWNER, minute.plus(-59), minute.plus(1)).await();

    assertThat(snapshot.links()).containsOnlyKeys(1L, 2L);
    assertThat(snapshot.links().get(2L)).containsOnlyKeys(minute, minute.plus(-1));
    assertThat(snapshot.parts().getFirst().next()).isEqualTo(110);
    assertThat(snapshot.freshness().watermark()).isEqualTo(now);
  }

  @Test
  @DisplayName(
      "E9: the newest clicks of a link and of an owner are kept, over partitions and batches")
  void theNewestClicks() {
    var recent = new RedisRecentClicks(redis);
    var sink = writer();
    var link = new AnalyticsTarget.LinkTarget(1, TestClicks.OWNER);
    var owner = new AnalyticsTarget.OwnerTarget(TestClicks.OWNER);
    for (var partition = 0; partition < 2; partition++) {
      var position = takeOver(sink, partition);
      for (var part = 0; part < 3; part++) {
        var clicks = new ArrayList<EnrichedClick>();
        for (var i = 0; i < 60; i++) {
          var at = now.plusMillis(part * 120 + i * 2 + partition);
          clicks.add(TestClicks.visit(1, at));
        }
        clicks.add(TestClicks.visit(2, now.minusSeconds(1)));
        sink.apply(TOPIC, List.of(batch(partition, position, 100 + part * 10, clicks)));
      }
    }

    var newest = recent.newest(link, 100).await();
    assertThat(newest).hasSize(100);
    assertThat(newest.getFirst().at()).isEqualTo(now.plusMillis(359));
    assertThat(newest.getLast().at()).isEqualTo(now.plusMillis(260));
    assertThat(newest.getFirst().code()).isEqualTo("code1");
    assertThat(newest.getFirst().values()).isEqualTo(TestClicks.visit(1, now).values().texts());
    assertThat(recent.newest(owner, 1_000).await()).hasSize(366);
    assertThat(recent.newest(link, 1).await()).hasSize(1);
    assertThat(recent.newest(new AnalyticsTarget.LinkTarget(1, new OwnerId(8)), 100).await())
        .isEmpty();
  }

  @Test
  @DisplayName("C9: the top of an owner's hour is exact while it moves on, goes back and ends")
  void theTopOfTheHour() {
    var sink = writer();
    var positions = List.of(takeOver(sink, 0), takeOver(sink, 1));
    var random = new Random(7);
    var clicks = new ArrayList<EnrichedClick>();
    var end = now.plus(Duration.ofHours(1)); // no key expires during the test
    var first = Minute.of(end).plus(-59);
    for (var round = 0; round < 40; round++) {
      var logged = end.minusSeconds(12L * (40 - round));
      for (var partition = 0; partition < 2; partition++) {
        var some = new ArrayList<EnrichedClick>();
        for (var i = 0; i < 20; i++) {
          var link = 1 + (long) (random.nextDouble() * random.nextDouble() * 30);
          var at = logged.minusSeconds(random.nextInt(3_500)).plusSeconds(random.nextInt(200));
          var click = TestClicks.click(link, at);
          var traffic = random.nextInt(4) == 0 ? Traffic.BOT : Traffic.HUMAN;
          some.add(TestClicks.logged(TestClicks.visit(click, traffic, "DE", "firefox", 1), logged));
        }
        var from = 100 + 10L * round;
        sink.apply(TOPIC, List.of(batch(partition, positions.get(partition), from, some)));
        some.stream().filter(LiveTally::isHot).forEach(clicks::add);
      }
      if (round % 11 == 10) {
        redis
            .send(Request.cmd(Command.DEL).arg("ct:{0}:hour:" + TestClicks.OWNER.number()))
            .await();
      }
      var asked = Minute.of(logged).plus(-59 + random.nextInt(2));
      assertThat(counts.hour(TestClicks.OWNER, asked, 1_000).await().links())
          .as("round %d", round)
          .isEqualTo(byLink(clicks, asked));
    }
    var all = byLink(clicks, first);
    var most =
        all.values().stream().map(HumanBotCount::total).sorted(Comparator.reverseOrder()).toList();
    var top = counts.hour(TestClicks.OWNER, first, 3).await();
    assertThat(top.links().values().stream().map(HumanBotCount::total))
        .containsExactlyInAnyOrderElementsOf(most.subList(0, 3));
    assertThat(top.freshness().partitions()).isEqualTo(2);
  }

  @Test
  @DisplayName("C11: a verdict moves clicks from human to bot traffic, once, and no total changes")
  void aVerdictMovesClicks() {
    var sink = writer();
    var at = takeOver(sink, 0);
    var id = Identity.Collected.of(TestClicks.OWNER, "a verdict");
    var example = TestClicks.visit(TestClicks.click(id, 1, now), Traffic.HUMAN, "DE", "firefox", 1);
    var verdict = new Outcome.Reclassified(example, 2);
    var reached = new Batch.Reached(now, Set.of(), "whole", Batch.EndedNodes.NONE);
    var clicks =
        List.of(TestClicks.visit(1, now), TestClicks.visit(1, now), TestClicks.visit(1, now));
    var outcomes = new ArrayList<>(TestClicks.counted(clicks));
    outcomes.add(verdict);
    sink.apply(TOPIC, List.of(new Batch(0, at.token(), 100, 110, outcomes, reached)));
    sink.apply(TOPIC, List.of(new Batch(0, at.token(), 110, 120, List.of(verdict), reached)));
    var other = takeOver(sink, 1); // a verdict need not come by the partition of its clicks
    var late = Identity.Collected.of(TestClicks.OWNER, "another verdict");
    var alike = TestClicks.visit(TestClicks.click(late, 1, now), Traffic.HUMAN, "DE", "firefox", 1);
    List<Outcome> elsewhere = List.of(new Outcome.Reclassified(alike, 1));
    sink.apply(TOPIC, List.of(new Batch(1, other.token(), 100, 110, elsewhere, reached)));

    var minute = Minute.of(now);
    var counted = counts.link(target(1), minute, minute.plus(1)).await().sums();
    assertThat(counted).isEqualTo(Map.of(minute, new HumanBotCount(0, 3)));
    assertThat(counts.owner(TestClicks.OWNER, minute, minute.plus(1)).await().sums())
        .isEqualTo(counted);
    assertThat(counts.hour(TestClicks.OWNER, minute.plus(-59), 9).await().links())
        .isEqualTo(Map.of(1L, new HumanBotCount(0, 3)));
  }

  private static Map<Long, HumanBotCount> byLink(List<EnrichedClick> clicks, Minute first) {
    var sums = new HashMap<Long, HumanBotCount>();
    for (var enriched : clicks) {
      var minute = Minute.of(enriched.click().at()).number();
      if (minute >= first.number() && minute < first.number() + LiveTally.MINUTES) {
        sums.merge(
            enriched.click().subject().id(),
            HumanBotCount.one(enriched.traffic()),
            HumanBotCount::plus);
      }
    }
    return sums;
  }

  @Test
  @DisplayName("C9: the sums of an hour are made anew for a reader whose clock is far off")
  void theSumsAreMadeAnew() {
    var sink = writer();
    var clicks =
        List.of(
            TestClicks.visit(1, now.minusSeconds(50 * 60)),
            TestClicks.visit(2, now),
            TestClicks.visit(2, now));
    sink.apply(TOPIC, List.of(batch(0, takeOver(sink, 0), 100, clicks)));
    var first = Minute.of(now).plus(-59);
    var one = Map.entry(1L, new HumanBotCount(1, 0));
    var two = Map.entry(2L, new HumanBotCount(2, 0));

    assertThat(counts.hour(TestClicks.OWNER, first, 9).await().links()).containsOnly(one, two);
    assertThat(counts.hour(TestClicks.OWNER, first.plus(30), 9).await().links()).containsOnly(two);
    assertThat(counts.hour(TestClicks.OWNER, first.plus(-70), 9).await().links()).isEmpty();
    assertThat(counts.hour(TestClicks.OWNER, first, 9).await().links()).containsOnly(one, two);
  }

  @Test
  @DisplayName("an id above 2^53 is exact in every script")
  void aLargeIdIsExact() {
    var sink = writer();
    var large = (1L << 53) + 1;
    sink.apply(
        TOPIC, List.of(batch(0, takeOver(sink, 0), 100, List.of(TestClicks.visit(large, now)))));

    var minute = Minute.of(now);
    var one = new HumanBotCount(1, 0);
    assertThat(counts.link(target(large), minute, minute.plus(1)).await().sums())
        .isEqualTo(Map.of(minute, one));
    assertThat(counts.link(target(large - 1), minute, minute.plus(1)).await().sums()).isEmpty();
    assertThat(counts.owner(TestClicks.OWNER, minute, minute.plus(1)).await().links())
        .containsOnlyKeys(large);
    assertThat(counts.hour(TestClicks.OWNER, minute.plus(-59), 9).await().links())
        .isEqualTo(Map.of(large, one));
  }

  @Test
  @DisplayName(
      "keys and their content are those of earlier versions, which run beside this one during an upgrade")
  void theLayoutOfTheKeys() {
    var sink = writer();
    var position = takeOver(sink, 0);
    var minute = Minute.of(now).number();
    counts.hour(TestClicks.OWNER, Minute.of(now).plus(-59), 1).await();
    var bot = TestClicks.visit(TestClicks.click(5, now), Traffic.BOT, "DE", "firefox", 1);
    var collected = TestClicks.collected("an id", 5, now);
    sink.apply(
        TOPIC, List.of(batch(0, position, 100, List.of(TestClicks.visit(5, now), bot, collected))));

    assertThat(texts(Command.KEYS, "ct:*"))
        .containsExactlyInAnyOrder(
            "ct:partitions",
            "ct:{0}:fence",
            "ct:{0}:human:" + minute,
            "ct:{0}:bot:" + minute,
            "ct:{0}:owner:7:" + minute,
            "ct:{0}:hour:7",
            "ct:{0}:clicks:5:7", // earlier versions do not list these clicks during an upgrade
            "ct:{0}:clicks:7",
            "ct:{0}:texts",
            "ct:{0}:ids:" + now.getEpochSecond() / 3_600);
    assertThat(scores("ct:{0}:human:" + minute)).isEqualTo(Map.of("5", 2L));
    assertThat(scores("ct:{0}:bot:" + minute)).isEqualTo(Map.of("5", 1L));
    assertThat(scores("ct:{0}:owner:7:" + minute)).isEqualTo(Map.of("5", 3L));
    assertThat(scores("ct:{0}:hour:7")).isEqualTo(Map.of("5", 3L, "from", minute - 59));
    assertThat(texts(Command.HMGET, "ct:{0}:fence", "topic", "epoch", "next", "through", "silent"))
        .containsExactly(TOPIC, "1", "110", Long.toString(now.toEpochMilli()), "-5");
    assertThat(texts(Command.SMEMBERS, "ct:partitions")).containsExactly("0");
    assertThat(expiry("ct:{0}:human:" + minute)).isEqualTo((minute + 70) * 60);
    assertThat(expiry("ct:{0}:owner:7:" + minute)).isEqualTo((minute + 70) * 60);
    assertThat(expiry("ct:{0}:hour:7")).isEqualTo((minute - 59 + 69) * 60);
    assertThat(expiry("ct:{0}:clicks:7")).isEqualTo(now.getEpochSecond() + 86_400);
    assertThat(expiry("ct:{0}:texts")).isEqualTo((now.getEpochSecond() / 86_400 + 2) * 86_400);
  }

  @Test
  @DisplayName("G4: a node that ended is a field of the fence, and a new fence has none")
  void aNewFenceHasNoEndedNode() {
    var sink = writer();
    var position = takeOver(sink, 0);
    sink.apply(TOPIC, List.of(ended(0, position, 100, Map.of(-7L, "seven"), Set.of())));
    assertThat(texts(Command.HMGET, "ct:{0}:fence", "ended:-7", "next"))
        .containsExactly("seven", "110");

    redis.send(Request.cmd(Command.DEL).arg("ct:{0}:fence")).await();

    assertThat(takeOver(writer(), 0).ended()).isEmpty();
  }

  private List<String> texts(Command command, String... arguments) {
    var request = Request.cmd(command);
    List.of(arguments).forEach(request::arg);
    return redis.send(request).await().stream().map(Response::toString).toList();
  }

  private Map<String, Long> scores(String key) {
    var request = Request.cmd(Command.ZRANGE).arg(key).arg(0).arg(-1).arg("WITHSCORES");
    var scores = new HashMap<String, Long>();
    redis
        .send(request)
        .await()
        .forEach(pair -> scores.put(pair.get(0).toString(), pair.get(1).toLong()));
    return scores;
  }

  private long expiry(String key) {
    return redis.send(Request.cmd(Command.EXPIRETIME).arg(key)).await().toLong();
  }

  @Test
  @DisplayName(
      "G4: an id that an earlier version wrote without padding is known, and a new one is padded")
  void anUnpaddedIdIsKnown() {
    var sink = writer();
    var position = takeOver(sink, 0);
    var events =
        IntStream.iterate(0, i -> i + 1)
            .mapToObj(i -> Identity.Collected.of(TestClicks.OWNER, "id " + i))
            .filter(id -> !Keys.id(id).equals(Keys.unpaddedId(id)))
            .limit(2)
            .toList();
    var key = Keys.ids(0, now);
    redis.send(Request.cmd(Command.SADD).arg(key).arg(Keys.unpaddedId(events.getFirst()))).await();
    var clicks =
        events.stream()
            .map(
                id ->
                    TestClicks.visit(
                        TestClicks.click(id, 5, now), Traffic.HUMAN, "DE", "firefox", 1))
            .toList();

    sink.apply(TOPIC, List.of(batch(0, position, 100, clicks)));

    assertThat(counted(5)).isEqualTo(1);
    assertThat(texts(Command.SMEMBERS, key))
        .containsExactlyInAnyOrder(Keys.unpaddedId(events.getFirst()), Keys.id(events.getLast()));
    assertThat(Keys.id(events.getLast())).hasSize(32);
  }

  @Test
  @DisplayName("R5: a click is never read for a link of another owner, even if the id is the same")
  void aClickOfAnotherOwnerIsNeverRead() {
    var sink = writer();
    var at = takeOver(sink, 0);
    sink.apply(TOPIC, List.of(batch(0, at, 100, List.of(TestClicks.visit(1, now)))));

    var minute = Minute.of(now);
    var other = new AnalyticsTarget.LinkTarget(1, new OwnerId(TestClicks.OWNER.number() + 1));
    assertThat(counts.link(other, minute, minute.plus(1)).await().links()).isEmpty();
  }

  @Test
  @DisplayName("a click older than the hot hour is not counted here")
  void anOldClickIsNotCountedHere() {
    var sink = writer();
    var old = TestClicks.click(1, now.minusSeconds(3_600));
    var visit = TestClicks.visit(old, Traffic.HUMAN, "DE", "firefox", 1);
    var late = TestClicks.logged(visit, now);

    sink.apply(TOPIC, List.of(batch(0, takeOver(sink, 0), 100, List.of(late))));

    var minute = Minute.of(old.at());
    assertThat(counts.link(target(1), minute, minute.plus(1)).await().links()).isEmpty();
  }

  @Test
  @DisplayName("a writer is refused if the store was emptied after it took over")
  void aWriterFromBeforeIsRefused() {
    var sink = writer();
    var before = takeOver(sink, 0);
    redis.send(Request.cmd(Command.FLUSHDB)).await();
    takeOver(writer(), 0);

    assertThatThrownBy(() -> sink.apply(TOPIC, List.of(batch(0, before, 100, List.of()))))
        .isInstanceOf(Sink.BatchRefused.class)
        .hasMessageContaining("incarnation");
  }

  @Test
  @DisplayName("another topic is refused")
  void anotherTopicIsRefused() {
    takeOver(writer(), 0);

    assertThatThrownBy(() -> writer().takeOver("made anew", 0, () -> 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another log");
  }

  @Test
  @DisplayName("E9: an increment in an unknown form reaches the bus as a gap")
  void anUnknownIncrementIsAGap() throws InterruptedException {
    ByReference.register(vertx);
    var received = new LinkedBlockingQueue<LiveGap>();
    Addresses.LIVE_GAPS.consume(vertx, received::add);
    var feed = new RedisFeed(vertx, redis);
    feed.start().await();

    redis.send(Request.cmd(Command.PUBLISH).arg(Keys.CHANNEL).arg("{\"form\":2}")).await();

    assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo(new LiveGap());
    feed.close();
  }

  @Test
  @DisplayName(
      "E9: newest clicks of an earlier version are read, those in an unknown form left out")
  void newestClicksOfOtherVersions() {
    var sink = writer();
    takeOver(sink, 0);
    var link = new AnalyticsTarget.LinkTarget(1, TestClicks.OWNER);
    var old = now.toEpochMilli() + "\u001fcode\u001fDE";
    var list = Keys.earlierNewest(0, link);
    redis.send(Request.cmd(Command.LPUSH).arg(list).arg(old).arg("{\"form\":2}")).await();
    redis.send(Request.cmd(Command.SET).arg(Keys.newest(0, link)).arg("{\"form\":2}")).await();

    var newest = new RedisRecentClicks(redis).newest(link, 100).await();

    assertThat(newest).extracting(RecentClick::code).containsExactly("code");
  }

  @Test
  @DisplayName("E9: of clicks of one moment, the one that was counted last comes first")
  void newestClicksOfOneMoment() {
    var sink = writer();
    var position = takeOver(sink, 0);
    sink.apply(
        TOPIC,
        List.of(
            batch(0, position, 100, List.of(TestClicks.visit(1, now), TestClicks.visit(2, now)))));

    var owner = new AnalyticsTarget.OwnerTarget(TestClicks.OWNER);
    var newest = new RedisRecentClicks(redis).newest(owner, 100).await();

    assertThat(newest).extracting(RecentClick::code).containsExactly("code2", "code1");
  }

  final List<RecentClick> newest(long link) {
    return new RedisRecentClicks(redis).newest(target(link), 100).await();
  }

  private long number(Command command, String key) {
    return redis.send(Request.cmd(command).arg(key)).await().toLong();
  }

  private void send(Command command, String... arguments) {
    var request = Request.cmd(command);
    List.of(arguments).forEach(request::arg);
    redis.send(request).await();
  }

  @Test
  @DisplayName("E9: a list of newest clicks is shortened at twice its limit, and still expires")
  void aListIsShortened() {
    var sink = writer();
    var position = takeOver(sink, 0);
    var sizes = new ArrayList<Long>();
    for (var round = 0; round < 4; round++) {
      var first = now.plusMillis(round * 1_000L);
      var clicks =
          IntStream.range(0, 70).mapToObj(i -> TestClicks.visit(1, first.plusMillis(i))).toList();
      sink.apply(TOPIC, List.of(batch(0, position, 100 + 10L * round, clicks)));
      sizes.add(number(Command.STRLEN, "ct:{0}:clicks:1:7") / ClickEntry.WIDTH);
    }

    assertThat(sizes).containsExactly(70L, 140L, 100L, 170L);
    assertThat(expiry("ct:{0}:clicks:1:7")).isEqualTo(now.getEpochSecond() + 3 + 86_400);
    assertThat(newest(1))
        .extracting(RecentClick::at)
        .hasSize(100)
        .isSortedAccordingTo(Comparator.reverseOrder())
        .startsWith(now.plusMillis(3_069))
        .endsWith(now.plusMillis(2_040));
  }

  @Test
  @DisplayName("E9: a batch with many clicks of a link adds the newest ones, in order")
  void aBatchAddsItsNewestClicks() {
    var sink = writer();
    var clicks =
        IntStream.range(0, 250).mapToObj(i -> TestClicks.visit(1, now.plusMillis(i))).toList();
    sink.apply(TOPIC, List.of(batch(0, takeOver(sink, 0), 100, clicks)));

    assertThat(number(Command.STRLEN, "ct:{0}:clicks:1:7")).isEqualTo(100 * ClickEntry.WIDTH);
    assertThat(newest(1)).extracting(RecentClick::at).startsWith(now.plusMillis(249)).hasSize(100);
  }

  @Test
  @DisplayName("E9: a text is sent once, and a click whose texts are gone is left out")
  void aTextIsSentOnce() {
    var sink = writer();
    var position = takeOver(sink, 0);
    sink.apply(TOPIC, List.of(batch(0, position, 100, List.of(TestClicks.visit(1, now)))));
    assertThat(number(Command.HLEN, "ct:{0}:texts")).isEqualTo(2);
    send(Command.DEL, "ct:{0}:texts");

    var other = TestClicks.visit(TestClicks.click(2, now), Traffic.HUMAN, "FR", "firefox", 1);
    sink.apply(
        TOPIC, List.of(batch(0, position, 110, List.of(TestClicks.visit(1, now), other, other))));

    assertThat(texts(Command.HKEYS, "ct:{0}:texts"))
        .containsExactlyInAnyOrder("day", new SharedTexts().values(other.values()).digits());
    assertThat(newest(1)).isEmpty();
    assertThat(counted(1)).isEqualTo(2);
  }

  @Test
  @DisplayName("E9: a code that is too long for an entry is listed as it is")
  void anUnusualCode() {
    var link = 12_345_678_901L;
    var sink = writer();
    var position = takeOver(sink, 0);
    sink.apply(TOPIC, List.of(batch(0, position, 100, List.of(TestClicks.visit(link, now)))));

    assertThat(newest(link)).extracting(RecentClick::code).containsExactly("code" + link);
    assertThat(number(Command.HLEN, "ct:{0}:texts")).isEqualTo(3);
  }

  @Test
  @DisplayName("E9: after a takeover all texts are sent again")
  void aTakeoverSendsTextsAgain() {
    var sink = writer();
    var before = takeOver(sink, 0);
    sink.apply(TOPIC, List.of(batch(0, before, 100, List.of(TestClicks.visit(1, now)))));
    send(Command.DEL, "ct:{0}:texts");

    var position = takeOver(sink, 0);
    sink.apply(TOPIC, List.of(batch(0, position, 110, List.of(TestClicks.visit(1, now)))));

    assertThat(newest(1)).hasSize(2);
  }

  @Test
  @DisplayName("E9: after a refused batch all texts of its partition are sent again")
  void aRefusalSendsTextsAgain() {
    var sink = writer();
    var position = takeOver(sink, 0);
    var click = TestClicks.visit(1, now);
    assertThatThrownBy(() -> sink.apply(TOPIC, List.of(batch(0, position, 105, List.of(click)))))
        .isInstanceOf(Sink.BatchRefused.class);

    sink.apply(TOPIC, List.of(batch(0, position, 100, List.of(click))));

    assertThat(newest(1)).hasSize(1);
  }

  @Test
  @DisplayName(
      "E9: a batch after a refused one in the same call is applied, and all texts are sent again")
  void aBatchAfterARefusalSendsTextsAgain() {
    var sink = writer();
    var former = takeOver(writer(), 0);
    takeOver(writer(), 0);
    var position = takeOver(sink, 1);
    var clicks = List.of(TestClicks.visit(1, now));
    sink.apply(TOPIC, List.of(batch(1, position, 100, clicks)));
    send(Command.DEL, "ct:{1}:texts");
    assertThatThrownBy(
            () ->
                sink.apply(
                    TOPIC, List.of(batch(0, former, 100, clicks), batch(1, position, 110, clicks))))
        .isInstanceOf(Sink.BatchRefused.class);
    eventually("the second batch is applied")
        .until(() -> texts(Command.HMGET, "ct:{1}:fence", "next").equals(List.of("120")));

    sink.apply(TOPIC, List.of(batch(1, position, 120, clicks)));

    assertThat(newest(1)).hasSize(3);
  }

  @Test
  @DisplayName("E9: on a new day all texts are sent again, and those of the day before stay")
  void aNewDay() {
    var sink = writer();
    var position = takeOver(sink, 0);
    var tomorrow = now.plus(Duration.ofDays(1));
    sink.apply(TOPIC, List.of(batch(0, position, 100, List.of(TestClicks.visit(2, now)))));
    sink.apply(TOPIC, List.of(batch(0, position, 110, List.of(TestClicks.visit(1, now)))));
    sink.apply(TOPIC, List.of(batch(0, position, 120, List.of(TestClicks.visit(1, tomorrow)))));
    sink.apply(TOPIC, List.of(batch(0, position, 130, List.of(TestClicks.visit(1, now)))));

    var today = now.getEpochSecond() / 86_400;
    assertThat(texts(Command.HMGET, "ct:{0}:texts", "day"))
        .containsExactly(Long.toString(today + 1));
    assertThat(number(Command.HLEN, "ct:{0}:texts")).isEqualTo(2);
    assertThat(number(Command.HLEN, "ct:{0}:texts:earlier")).isEqualTo(2);
    assertThat(expiry("ct:{0}:texts:earlier")).isEqualTo((today + 2) * 86_400);
    assertThat(newest(1)).extracting(RecentClick::at).containsExactly(tomorrow, now, now);
    assertThat(newest(2)).hasSize(1);
  }

  @Test
  @DisplayName("E9: texts that fill their hash become earlier texts, and all are sent again")
  void fullTexts() {
    var sink = writer();
    var position = takeOver(sink, 0);
    sink.apply(TOPIC, List.of(batch(0, position, 100, List.of(TestClicks.visit(1, now)))));
    var many = Request.cmd(Command.HSET).arg("ct:{0}:texts");
    IntStream.range(0, 50_000).forEach(i -> many.arg("other " + i).arg(""));
    redis.send(many).await();

    sink.apply(TOPIC, List.of(batch(0, position, 110, List.of(TestClicks.visit(2, now)))));
    assertThat(number(Command.HLEN, "ct:{0}:texts")).isZero();
    assertThat(number(Command.HLEN, "ct:{0}:texts:earlier")).isEqualTo(50_002);
    sink.apply(TOPIC, List.of(batch(0, position, 120, List.of(TestClicks.visit(2, now)))));

    assertThat(number(Command.HLEN, "ct:{0}:texts")).isEqualTo(2);
    assertThat(newest(1)).hasSize(1);
    assertThat(newest(2)).hasSize(2);
  }

  @Test
  @DisplayName("E9: a key of another type takes no newest clicks, and every count is right")
  void aKeyOfAnotherType() {
    var sink = writer();
    var position = takeOver(sink, 0);
    var other = takeOver(sink, 1);
    send(Command.RPUSH, "ct:{0}:clicks:1:7", "another type");
    send(Command.SET, "ct:{1}:texts", "another type");
    var clicks = List.of(TestClicks.visit(1, now), TestClicks.visit(2, now));
    sink.apply(TOPIC, List.of(batch(0, position, 100, clicks), batch(1, other, 100, clicks)));

    assertThat(counted(1)).isEqualTo(2);
    assertThat(texts(Command.LRANGE, "ct:{0}:clicks:1:7", "0", "-1"))
        .containsExactly("another type");
    send(Command.DEL, "ct:{1}:texts");
    assertThat(newest(2)).hasSize(1);
  }

  @Test
  @DisplayName("E9: the increments of a batch reach the bus with its positions")
  void theIncrementsReachTheBus() throws InterruptedException {
    ByReference.register(vertx);
    var received = new LinkedBlockingQueue<LiveIncrement>();
    Addresses.LIVE_INCREMENTS.consume(vertx, received::add);
    var feed = new RedisFeed(vertx, redis);
    feed.start().await();
    var sink = writer();

    sink.apply(TOPIC, List.of(batch(3, takeOver(sink, 3), 100, List.of(TestClicks.visit(9, now)))));

    var increment = received.poll(10, TimeUnit.SECONDS);
    assertThat(increment.partition()).isEqualTo(3);
    assertThat(increment.from()).isEqualTo(100);
    assertThat(increment.to()).isEqualTo(110);
    assertThat(increment.increments())
        .containsExactly(new LiveIncrement.Increment(9, TestClicks.OWNER, Minute.of(now), 1));
    feed.close();
  }
}
