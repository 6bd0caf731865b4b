package clicktide.ingest;

import clicktide.http.Api;
import clicktide.replica.LinkMap;
import clicktide.store.EventLog;
import clicktide.store.Owners.Scope;
import clicktide.store.Retention;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The collectors: routes for events that other systems report (B1). */
public final class IngestVerticle extends VerticleBase {
  private final Api api;
  private final Collector collector;

  public IngestVerticle(
      Api api,
      EventLog events,
      LinkMap links,
      EventLimit limit,
      Retention retention,
      InstantSource clock,
      RandomGenerator random,
      MeterRegistry metrics) {
    this.api = api;
    this.collector = new Collector(links, events, limit, retention, clock, random, metrics);
  }

  @Override
  public Future<?> start() {
    api.post("/internal/click-events/batch", Scope.COLLECT, collector::batch);
    return Future.succeededFuture();
  }
}
