package clicktide.ingest;

import clicktide.event.LinkClick;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Problem;
import clicktide.ingest.EventValidator.Judgement;
import clicktide.link.Code;
import clicktide.link.Link;
import clicktide.replica.LinkMap;
import clicktide.store.Await;
import clicktide.store.EventLog;
import clicktide.store.Retention;
import clicktide.wire.EncodedEvent;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The batch collector of S1 (B1). It answers 202 only when the log has the accepted events (B3).
 */
public final class Collector {
  private static final int MAX_EVENTS = 1_000;
  private static final long LOG_SECONDS = 2;

  private final LinkMap links;
  private final EventLog log;
  private final EventLimit limit;
  private final Retention retention;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final MeterRegistry metrics;

  Collector(
      LinkMap links,
      EventLog log,
      EventLimit limit,
      Retention retention,
      InstantSource clock,
      RandomGenerator random,
      MeterRegistry metrics) {
    this.links = links;
    this.log = log;
    this.limit = limit;
    this.retention = retention;
    this.clock = clock;
    this.random = random;
    this.metrics = metrics;
    for (var reason : EventValidator.RejectionReason.values()) {
      rejections(reason);
    }
  }

  private Counter rejections(EventValidator.RejectionReason reason) {
    return metrics.counter("collector_rejections", "reason", key(reason));
  }

  private static String key(EventValidator.RejectionReason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  /** The answer to a batch. */
  record Receipt(int accepted, int rejected, String ingestBatchId, List<RejectedEvent> errors) {}

  /** A rejected event, by its position in the batch. */
  record RejectedEvent(int index, String code, String detail) {}

  ApiResponse batch(ApiRequest call) {
    var events = events(call.json());
    var receivedAt = clock.instant();
    var visible = new HashMap<String, Optional<Link>>();
    var validator =
        new EventValidator(
            code -> visible.computeIfAbsent(code, c -> link(call, c)),
            links::isOwnTraffic,
            retention);
    var accepted = new ArrayList<LinkClick>();
    var rejected = new ArrayList<RejectedEvent>();
    for (var index = 0; index < events.size(); index++) {
      switch (validator.judge(events.get(index), receivedAt)) {
        case Judgement.Valid(LinkClick click) -> accepted.add(click);
        case Judgement.Invalid(EventValidator.RejectionReason reason, String detail) -> {
          rejections(reason).increment();
          rejected.add(new RejectedEvent(index, key(reason), detail));
        }
      }
    }
    limit.use(call.caller(), accepted.size());
    append(accepted);
    var id = "ib_" + Code.random(random) + Code.random(random);
    return ApiResponse.accepted(new Receipt(accepted.size(), rejected.size(), id, rejected));
  }

  private static JsonNode events(JsonNode body) {
    var events = body.path("events");
    if (!body.isObject() || !events.isArray() || events.isEmpty()) {
      throw Problem.refused("no_events", "`events` must be a list of at least one event.").raised();
    }
    if (events.size() > MAX_EVENTS) {
      throw Problem.tooLarge("`events` must have at most %d items.".formatted(MAX_EVENTS)).raised();
    }
    return events;
  }

  /** Finds deleted links as well: their clicks may be reported later. */
  private Optional<Link> link(ApiRequest call, String code) {
    return Code.isValid(code)
        ? Await.on(links.find(code)).filter(link -> call.caller().sees(link.owner()))
        : Optional.empty();
  }

  private void append(List<LinkClick> clicks) {
    Await.on(log.append(clicks.stream().map(EncodedEvent::of).toList()), LOG_SECONDS);
  }
}
