package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.enrich.Traffic;
import clicktide.event.ClicksShed;
import clicktide.event.DeadLetter;
import clicktide.event.DeadLetter.Reason;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.Verdict;
import clicktide.kafka.Topic;
import clicktide.store.Batch;
import clicktide.store.Sink.Position;
import clicktide.stream.PartitionState;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import clicktide.wire.TextSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Collector of the next batch of one partition. For one thread. */
final class PartitionBatch {
  private static final RetryingEnrichment PLAIN = new RetryingEnrichment(EnrichedClick::unparsed);

  private final int partition;
  private final Batch.FencingToken token;
  private final PartitionState state;
  private final Duration endedNodes;
  private final RetryingEnrichment enrichment;
  private final RecordInHand inHand;
  private final DeadLetterFactory factory;
  private final TextSource texts;
  private final List<EnrichedClick> clicks = new ArrayList<>();
  private final List<EnrichedClick> repeats = new ArrayList<>();
  private final List<LinkClick> rejected = new ArrayList<>();
  private final List<ClicksShed> shed = new ArrayList<>();
  private final List<Reclassification> reclassified = new ArrayList<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private long from;
  private long to;

  /** {@code endedNodes}: how long the state of a node that ended is kept. */
  PartitionBatch(
      Topic topic,
      int partition,
      Position position,
      Duration endedNodes,
      LogFollower.Enricher enricher,
      RecordInHand inHand,
      TextSource texts) {
    this.partition = partition;
    this.endedNodes = endedNodes;
    this.inHand = inHand;
    this.texts = texts;
    enrichment = new RetryingEnrichment(enricher);
    factory = new DeadLetterFactory(topic.id(), partition);
    token = position.token();
    state =
        position.state().isEmpty()
            ? PartitionState.begin(partition, topic.partitions(), position.next() == 0)
            : PartitionState.read(
                position.state(), position.ended(), partition, topic.partitions());
    from = position.next();
    to = position.next();
  }

  /**
   * Adds a record. Nothing in it can stop this: an event that cannot be counted is a dead letter.
   * If a process ended while it handled the record, its clicks count without enrichment. If a
   * second process ended, the whole record is a dead letter.
   */
  void take(ConsumerRecord<Void, byte[]> record) {
    var bytes = record.value() == null ? new byte[0] : record.value();
    try {
      switch (inHand.begin(partition, record.offset())) {
        case 0 -> take(record, bytes, enrichment);
        case 1 -> take(record, bytes, PLAIN);
        default -> deadLetters.add(factory.record(Reason.FAILED, record.offset(), bytes));
      }
    } finally {
      inHand.end();
    }
  }

  private void take(
      ConsumerRecord<Void, byte[]> record, byte[] bytes, RetryingEnrichment enrichment) {
    try {
      var envelope = EnvelopeCodec.decode(bytes);
      var loggedAt = Instant.ofEpochMilli(record.timestamp());
      state.announce(envelope.heartbeat());
      for (var index = 0; index < envelope.clicks().size(); index++) {
        var logged = new EnrichedClick.Logged(loggedAt, record.offset(), index);
        take(envelope, logged, enrichment);
      }
      shed.addAll(envelope.shed());
      for (var verdict : envelope.verdicts()) {
        reclassify(verdict, new EnrichedClick.Logged(loggedAt, record.offset(), 0), enrichment);
      }
      var sentAt = envelope.sentAt().minus(envelope.correction());
      state.observe(loggedAt, sentAt, envelope.heartbeat());
    } catch (EnvelopeCodec.Unreadable e) {
      deadLetters.add(factory.record(e.reason(), record.offset(), bytes));
    }
  }

  /** Clicks that the other rules class as a bot's stay as they are. */
  private void reclassify(
      Verdict verdict, EnrichedClick.Logged logged, RetryingEnrichment enrichment) {
    enrichment
        .enrich(verdict.example(), logged)
        .filter(click -> click.traffic() == Traffic.HUMAN)
        .ifPresent(click -> reclassified.add(new Reclassification(click, verdict.clicks())));
  }

  private void take(Envelope envelope, EnrichedClick.Logged logged, RetryingEnrichment enrichment) {
    var encoded = envelope.clicks().get(logged.index());
    try {
      var click = ClockCorrection.apply(encoded.decode(texts), envelope, logged.at());
      var enriched = enrichment.enrich(click, logged);
      if (enriched.isEmpty()) {
        reject(click, envelope, logged);
      } else if (click.identity() instanceof Identity.Own own && !state.isNew(own)) {
        repeats.add(enriched.get());
      } else {
        clicks.add(enriched.get());
      }
    } catch (IllegalArgumentException _) {
      deadLetters.add(factory.click(Reason.MALFORMED, envelope, envelope.correction(), logged));
    }
  }

  /** The click stays new, so that it counts when an operator sends its dead letter again. */
  private void reject(LinkClick click, Envelope envelope, EnrichedClick.Logged logged) {
    rejected.add(click);
    if (click.identity() instanceof Identity.Own own) {
      state.leaveOut(own);
    }
    deadLetters.add(factory.click(Reason.FAILED, envelope, ClockCorrection.of(click), logged));
  }

  /** Moves the end to a consumer position: there can be offsets without a record. */
  void readTo(long next) {
    to = next;
  }

  /** Returns the number of clicks. */
  int size() {
    return clicks.size() + repeats.size();
  }

  /** Returns true if no position was passed since the last batch. */
  boolean isEmpty() {
    return to <= from;
  }

  /** Returns what was read since the last batch that was applied; immutable. */
  Batch batch() {
    var content =
        new Batch.Content(
            List.copyOf(clicks),
            List.copyOf(repeats),
            List.copyOf(rejected),
            List.copyOf(shed),
            List.copyOf(reclassified));
    var ended = state.endNodes(endedNodes);
    var reached = new Batch.Reached(state.watermark(), state.silent(), state.write(), ended);
    return new Batch(partition, token, from, to, content, reached);
  }

  /** Returns the dead letters, which have to be kept before the batch is applied; immutable. */
  List<DeadLetter> deadLetters() {
    return List.copyOf(deadLetters);
  }

  /** Returns the number of own clicks that should have been read by now and were not. */
  long missing() {
    return state.missing();
  }

  /** Begins the next batch where the sink has applied this one. */
  void applied(Batch batch) {
    from = batch.to();
    state.stored();
    List.of(clicks, repeats, rejected, shed, reclassified, deadLetters).forEach(List::clear);
  }
}
