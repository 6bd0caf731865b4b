package clicktide.aggregation.kafka;

import clicktide.count.Outcome;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Traffic;
import clicktide.event.DeadLetter;
import clicktide.event.DeadLetter.Reason;
import clicktide.event.LinkClick;
import clicktide.event.ShedReport;
import clicktide.event.Verdict;
import clicktide.wire.EnvelopeCodec;
import clicktide.wire.TextSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decoder of the records of one topic, which enriches clicks. For one thread. */
final class RecordDecoder {
  private static final RetryingEnrichment PLAIN = new RetryingEnrichment(EnrichedClick::unparsed);

  private final String topicId;
  private final RetryingEnrichment enrichment;
  private final RecordInHand inHand;
  private final TextSource texts;

  RecordDecoder(
      String topicId, LogFollower.Enricher enricher, RecordInHand inHand, TextSource texts) {
    this.topicId = topicId;
    this.inHand = inHand;
    this.texts = texts;
    enrichment = new RetryingEnrichment(enricher);
  }

  /**
   * Decodes a record. Nothing in it can stop this: an event that cannot be counted is a dead
   * letter. If a process ended while it handled the record, its clicks count without enrichment. If
   * a second process ended, the whole record is a dead letter.
   */
  DecodedRecord decode(ConsumerRecord<Void, byte[]> record) {
    var bytes = record.value() == null ? new byte[0] : record.value();
    var place =
        new Place(
            new DeadLetterFactory(topicId, record.partition()),
            Instant.ofEpochMilli(record.timestamp()),
            record.offset());
    try {
      return switch (inHand.begin(record.partition(), record.offset())) {
        case 0 -> decode(place, bytes, enrichment);
        case 1 -> decode(place, bytes, PLAIN);
        default -> place.unreadable(Reason.FAILED, bytes);
      };
    } finally {
      inHand.end();
    }
  }

  /** A record in its partition. */
  private record Place(DeadLetterFactory deadLetters, Instant loggedAt, long offset) {
    private DecodedRecord unreadable(Reason reason, byte[] bytes) {
      return new DecodedRecord.UnreadableRecord(
          offset, loggedAt, deadLetters.record(reason, offset, bytes));
    }

    private EnrichedClick.Logged event(int index) {
      return new EnrichedClick.Logged(loggedAt, offset, index);
    }
  }

  private DecodedRecord decode(Place place, byte[] bytes, RetryingEnrichment enrichment) {
    try {
      var envelope = EnvelopeCodec.decode(bytes);
      var events = envelope.events();
      var outcomes = new ArrayList<Outcome>(events.size());
      var deadLetters = new ArrayList<DeadLetter>(0);
      for (var index = 0; index < events.size(); index++) {
        var logged = place.event(index);
        try {
          switch (events.get(index).decode(texts)) {
            case LinkClick sent -> {
              var click = ClockCorrection.apply(sent, envelope, logged.at());
              var outcome = outcome(click, logged, enrichment);
              outcomes.add(outcome);
              if (outcome instanceof Outcome.Rejected) {
                var correction = ClockCorrection.of(click);
                deadLetters.add(
                    place.deadLetters.event(Reason.FAILED, envelope, correction, logged));
              }
            }
            case ShedReport report -> outcomes.add(new Outcome.Shed(report));
            case Verdict verdict ->
                reclassified(verdict, logged, enrichment).ifPresent(outcomes::add);
          }
        } catch (IllegalArgumentException _) {
          var reason = events.get(index).isKnown() ? Reason.MALFORMED : Reason.UNKNOWN_SCHEMA;
          deadLetters.add(place.deadLetters.event(reason, envelope, envelope.correction(), logged));
        }
      }
      return new DecodedRecord.DecodedEnvelope(
          place.offset,
          place.loggedAt,
          envelope.sentAt().minus(envelope.correction()),
          envelope.heartbeat(),
          outcomes,
          deadLetters);
    } catch (EnvelopeCodec.Unreadable e) {
      return place.unreadable(e.reason(), bytes);
    }
  }

  private static Outcome outcome(
      LinkClick click, EnrichedClick.Logged logged, RetryingEnrichment enrichment) {
    return enrichment
        .enrich(click, logged)
        .<Outcome>map(Outcome.Counted::new)
        .orElseGet(() -> new Outcome.Rejected(click));
  }

  /** A click that the other rules class as a bot's stays as it is. */
  private static Optional<Outcome> reclassified(
      Verdict verdict, EnrichedClick.Logged logged, RetryingEnrichment enrichment) {
    return enrichment
        .enrich(verdict.example(), logged)
        .filter(click -> click.traffic() == Traffic.HUMAN)
        .map(click -> new Outcome.Reclassified(click, verdict.clicks()));
  }
}
