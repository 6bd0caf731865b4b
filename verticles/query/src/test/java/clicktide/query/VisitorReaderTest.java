package clicktide.query;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.HumanBotCount;
import clicktide.enrich.Dimension;
import clicktide.event.OwnerId;
import clicktide.http.Problem;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Rollups.CountKey;
import clicktide.store.Rollups.Result;
import clicktide.store.Rollups.RollupQuery;
import clicktide.store.Unavailable;
import clicktide.time.ManualTime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("G18: the memory of queries for visitors is bounded")
@Timeout(60)
class VisitorReaderTest {
  private static final Instant NOON = Instant.parse("2026-05-03T12:00:00Z");
  private static final OwnerId ADA = new OwnerId(1);
  private static final OwnerId BOB = new OwnerId(2);
  private static final OwnerId CAT = new OwnerId(3);

  /** Rollups whose streams of visitors are open until the test completes them. */
  private static class OpenStreams extends MemoryRollups {
    final ConcurrentLinkedQueue<OpenStream> streams = new ConcurrentLinkedQueue<>();

    @Override
    public Future<Void> visitors(RollupQuery query, ObjLongConsumer<CountKey> visitor) {
      var stream = new OpenStream(visitor, Promise.promise());
      streams.add(stream);
      return stream.done.future();
    }

    private OpenStream next() {
      eventually("a stream is open").until(() -> !streams.isEmpty());
      return streams.remove();
    }
  }

  private record OpenStream(ObjLongConsumer<CountKey> visitor, Promise<Void> done) {
    /** Streams keys with visitors, as long as the consumer takes them. */
    private void send(int firstKey, int keys, int visitors) {
      try {
        for (var key = firstKey; key < firstKey + keys; key++) {
          for (var number = 0; number < visitors; number++) {
            visitor.accept(
                new CountKey(key, List.of()), 0x9E3779B97F4A7C15L * (key * 10_000L + number));
          }
        }
      } catch (RuntimeException refusal) {
        done.tryFail(refusal);
      }
    }
  }

  private final OpenStreams rollups = new OpenStreams();
  private final RollupCache cache = new RollupCache(rollups, new ManualTime(NOON));

  private static AnalyticsRequest request(OwnerId owner, Dimension... dimensions) {
    var bounds = List.of(NOON, NOON.plusSeconds(60));
    var query =
        RollupQuery.of(new AnalyticsTarget.OwnerTarget(owner), bounds)
            .withDimensions(List.of(dimensions));
    return new AnalyticsRequest(
        query, Bucket.TOTAL, ZoneOffset.UTC, EnumSet.of(Metric.UNIQUE_VISITORS), false, 1_000);
  }

  private static AnalyticsRequest breakdown(OwnerId owner) {
    return request(owner, Dimension.SOURCE, Dimension.MEDIUM);
  }

  private CompletableFuture<QueryResult> start(AnalyticsRequest request) {
    return CompletableFuture.supplyAsync(
        () -> cache.of(request, "1"), Executors.newVirtualThreadPerTaskExecutor());
  }

  private static Problem problem(ThrowingCallable call) {
    var problems = new ArrayList<Problem>();
    assertThatThrownBy(call)
        .satisfies(
            failure -> {
              var cause = failure instanceof Problem.Raised ? failure : failure.getCause();
              problems.add(((Problem.Raised) cause).problem());
            });
    return problems.getFirst();
  }

  private static Problem problem(CompletableFuture<QueryResult> result) {
    return problem(() -> result.get(30, TimeUnit.SECONDS));
  }

  @Test
  @DisplayName("no visitors are read if there are too many rows of clicks")
  void clicksFirst() {
    var many =
        new OpenStreams() {
          @Override
          public Future<Result<Map<CountKey, HumanBotCount>>> clicks(RollupQuery query) {
            return Future.succeededFuture(new Result.TooMany<>());
          }
        };
    var reader = new RollupCache(many, new ManualTime(NOON));
    assertThat(problem(() -> reader.of(breakdown(ADA), "1")).code()).isEqualTo("too_many_rows");
    assertThat(many.streams).isEmpty();
  }

  @Test
  @DisplayName("a stream ends after 100,000 rows")
  void rows() {
    var result = start(request(ADA));
    rollups.next().send(0, 100_001, 1);
    assertThat(problem(result).code()).isEqualTo("too_many_rows");
  }

  @Test
  @DisplayName("a stream ends when its sketches are too large")
  void sketches() {
    var result = start(request(ADA));
    rollups.next().send(0, 4_500, 1_600);
    assertThat(problem(result).code()).isEqualTo("too_many_rows");
  }

  @Test
  @DisplayName("a stream ends when the sketches of all streams are too large")
  void allSketches() throws Exception {
    var ofAda = start(request(ADA));
    var streamOfAda = rollups.next();
    streamOfAda.send(0, 3_500, 1_600);
    var ofBob = start(request(BOB));
    var streamOfBob = rollups.next();
    streamOfBob.send(0, 3_500, 1_600);
    var ofCat = start(request(CAT));
    rollups.next().send(0, 1_000, 1_600);
    assertThat(problem(ofCat).status()).isEqualTo(503);

    streamOfAda.done.complete();
    assertThat(ofAda.get().visitors()).hasSize(3_500);
    streamOfBob.done.complete();
    assertThat(ofBob.get().visitors()).hasSize(3_500);
    var again = start(request(CAT));
    var stream = rollups.next();
    stream.send(0, 1_000, 1_600);
    stream.done.complete();
    assertThat(again.get().visitors()).hasSize(1_000);
  }

  @Test
  @DisplayName("at most two queries by several dimensions are under way, one of each owner")
  void breakdowns() throws Exception {
    var ofAda = start(breakdown(ADA));
    var streamOfAda = rollups.next();
    assertThat(problem(() -> cache.of(breakdown(ADA), "1")).status()).isEqualTo(429);
    var ofBob = start(breakdown(BOB));
    var streamOfBob = rollups.next();
    assertThat(problem(() -> cache.of(breakdown(CAT), "1")).status()).isEqualTo(503);
    var byOne = start(request(CAT, Dimension.COUNTRY));
    rollups.next().done.complete();
    byOne.get();

    streamOfAda.done.fail(new Unavailable("the connection was lost"));
    assertThatThrownBy(ofAda::get).hasRootCauseMessage("the connection was lost");
    var ofCat = start(breakdown(CAT));
    rollups.next().done.complete();
    ofCat.get();
    streamOfBob.done.complete();
    ofBob.get();
  }

  @Test
  @DisplayName("a stream that goes on after its query has failed is ended")
  void abandoned() {
    var result = start(request(ADA));
    var stream = rollups.next();
    stream.send(0, 1, 1);
    stream.done.fail(new Unavailable("the deadline has passed"));
    assertThatThrownBy(result::get).hasRootCauseMessage("the deadline has passed");
    assertThatThrownBy(() -> stream.visitor.accept(new CountKey(0, List.of()), 1))
        .isInstanceOf(IllegalStateException.class);
  }
}
