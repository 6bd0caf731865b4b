package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.enrich.Traffic;
import clicktide.event.DeadLetter;
import clicktide.event.DeadLetter.Reason;
import clicktide.event.LinkClick;
import clicktide.event.Verdict;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import clicktide.wire.TextSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decoder of the records of one topic, which enriches their clicks. For one thread. */
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
      var clicks = new ArrayList<EnrichedClick>(envelope.clicks().size());
      var rejected = new ArrayList<LinkClick>(0);
      var deadLetters = new ArrayList<DeadLetter>(0);
      for (var index = 0; index < envelope.clicks().size(); index++) {
        var logged = place.event(index);
        try {
          var click = decode(envelope, logged);
          enrichment
              .enrich(click, logged)
              .ifPresentOrElse(
                  clicks::add,
                  () -> {
                    rejected.add(click);
                    var correction = ClockCorrection.of(click);
                    deadLetters.add(
                        place.deadLetters.click(Reason.FAILED, envelope, correction, logged));
                  });
        } catch (IllegalArgumentException _) {
          deadLetters.add(
              place.deadLetters.click(Reason.MALFORMED, envelope, envelope.correction(), logged));
        }
      }
      return new DecodedRecord.DecodedEnvelope(
          place.offset,
          place.loggedAt,
          envelope.sentAt().minus(envelope.correction()),
          envelope.heartbeat(),
          clicks,
          rejected,
          envelope.shed(),
          reclassified(envelope.verdicts(), place.event(0), enrichment),
          deadLetters);
    } catch (EnvelopeCodec.Unreadable e) {
      return place.unreadable(e.reason(), bytes);
    }
  }

  private LinkClick decode(Envelope envelope, EnrichedClick.Logged logged) {
    var encoded = envelope.clicks().get(logged.index());
    return ClockCorrection.apply(encoded.decode(texts), envelope, logged.at());
  }

  /** Clicks that the other rules class as a bot's stay as they are. */
  private static List<Reclassification> reclassified(
      List<Verdict> verdicts, EnrichedClick.Logged logged, RetryingEnrichment enrichment) {
    return verdicts.stream()
        .map(verdict -> reclassified(verdict, logged, enrichment))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Reclassification> reclassified(
      Verdict verdict, EnrichedClick.Logged logged, RetryingEnrichment enrichment) {
    return enrichment
        .enrich(verdict.example(), logged)
        .filter(click -> click.traffic() == Traffic.HUMAN)
        .map(click -> new Reclassification(click, verdict.clicks()));
  }
}
