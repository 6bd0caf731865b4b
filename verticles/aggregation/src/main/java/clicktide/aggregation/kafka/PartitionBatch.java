package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.enrich.Traffic;
import clicktide.event.DeadLetter;
import clicktide.event.DeadLetter.Place;
import clicktide.event.DeadLetter.Reason;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.Verdict;
import clicktide.kafka.Topic;
import clicktide.store.Batch;
import clicktide.store.Sink.Position;
import clicktide.store.Unavailable;
import clicktide.stream.PartitionState;
import clicktide.wire.Envelope;
import clicktide.wire.EnvelopeCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What was read of one partition and is not in the sink yet. */
final class PartitionBatch {
  private static final Duration AHEAD = Duration.ofMinutes(5);
  private static final Duration TOLERATED = Duration.ofSeconds(1);
  private static final int TRIES = 3;

  private final Topic topic;
  private final int partition;
  private final Batch.FencingToken token;
  private final PartitionState progress;
  private final LogFollower.Enrich enrich;
  private Batch.Content content = empty();
  private List<DeadLetter> letters = new ArrayList<>();
  private long from;
  private long to;

  PartitionBatch(Topic topic, int partition, Position position, LogFollower.Enrich enrich) {
    this.topic = topic;
    this.partition = partition;
    this.enrich = enrich;
    token = position.token();
    progress =
        position.progress().isEmpty()
            ? PartitionState.begin(partition, topic.partitions(), position.next() == 0)
            : PartitionState.read(position.progress(), partition, topic.partitions());
    from = position.next();
    to = position.next();
  }

  private static Batch.Content empty() {
    return new Batch.Content(
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>(),
        new ArrayList<>());
  }

  /** Nothing in a record can stop this: what cannot be counted becomes a dead letter (G10). */
  void take(ConsumerRecord<Void, byte[]> record) {
    var bytes = record.value() == null ? new byte[0] : record.value();
    try {
      var envelope = EnvelopeCodec.decode(bytes);
      var loggedAt = Instant.ofEpochMilli(record.timestamp());
      progress.meet(envelope.report());
      for (var index = 0; index < envelope.clicks().size(); index++) {
        take(envelope, new EnrichedClick.Logged(loggedAt, record.offset(), index));
      }
      content.shed().addAll(envelope.shed());
      for (var verdict : envelope.verdicts()) {
        move(verdict, new EnrichedClick.Logged(loggedAt, record.offset(), 0));
      }
      var sentAt = envelope.sentAt().minus(envelope.correction());
      progress.heard(loggedAt, sentAt, envelope.report());
    } catch (EnvelopeCodec.Unreadable e) {
      letters.add(new DeadLetter(e.reason(), place(record.offset(), -1), bytes));
    }
  }

  /** What is a machine's by all rules stays where it is. */
  private void move(Verdict verdict, EnrichedClick.Logged logged) {
    visit(verdict.example(), logged)
        .filter(visit -> visit.traffic() == Traffic.HUMAN)
        .ifPresent(visit -> content.moved().add(new Reclassification(visit, verdict.clicks())));
  }

  private void take(Envelope envelope, EnrichedClick.Logged logged) {
    var encoded = envelope.clicks().get(logged.index());
    try {
      var click = inTime(encoded.decode(), envelope, logged.at());
      var visit = visit(click, logged);
      if (visit.isEmpty()) {
        content.rejected().add(click);
        if (click.identity() instanceof Identity.Own own) {
          progress.leaveOut(own);
        }
        var correction = Duration.between(click.receivedAt(), click.at());
        letters.add(letter(Reason.FAILED, envelope, correction, logged));
      } else if (click.identity() instanceof Identity.Own own && !progress.isNew(own)) {
        content.repeats().add(visit.get());
      } else {
        content.visits().add(visit.get());
      }
    } catch (IllegalArgumentException _) {
      letters.add(letter(Reason.MALFORMED, envelope, envelope.correction(), logged));
    }
  }

  /**
   * What was taken off a node's clock after it took this time is taken off here; and no clock moves
   * a click into a minute that has not come yet (C2, G15).
   */
  private static LinkClick inTime(LinkClick click, Envelope envelope, Instant loggedAt) {
    var at = click.at();
    if (click.identity() instanceof Identity.Own own && envelope.corrects(own)) {
      var right = click.receivedAt().plus(envelope.correction());
      var wrong = Duration.between(right, at).abs();
      at = wrong.compareTo(TOLERATED) > 0 ? right : at;
    }
    at = at.isAfter(loggedAt.plus(AHEAD)) ? loggedAt : at;
    return at.equals(click.at()) ? click : click.at(at);
  }

  /** Empty if it fails whenever it is tried; not because something that it needs is away. */
  private Optional<EnrichedClick> visit(LinkClick click, EnrichedClick.Logged logged) {
    for (var tries = 0; tries < TRIES; tries++) {
      try {
        return Optional.of(enrich.visit(click, logged));
      } catch (Unavailable away) {
        throw away;
      } catch (RuntimeException failure) {
        LogFollower.log.debug("A click cannot be enriched", failure);
      }
    }
    return Optional.empty();
  }

  private DeadLetter letter(
      Reason reason, Envelope envelope, Duration correction, EnrichedClick.Logged logged) {
    var click = envelope.clicks().get(logged.index());
    var alone = Envelope.alone(envelope.sentAt(), correction, click);
    var place = place(logged.offset(), logged.index());
    return new DeadLetter(reason, place, EnvelopeCodec.encode(alone));
  }

  private Place place(long offset, int index) {
    return new Place(topic.id(), partition, offset, index);
  }

  /** Positions, not offsets: between records there may be some that nobody sees. */
  void readTo(long next) {
    to = next;
  }

  int size() {
    return content.visits().size() + content.repeats().size();
  }

  boolean isAhead() {
    return to > from;
  }

  Batch batch() {
    var reached = new Batch.Reached(progress.through(), progress.silent(), progress.write());
    return new Batch(partition, token, from, to, content, reached);
  }

  /** What has to be kept before the batch is. */
  List<DeadLetter> letters() {
    return letters;
  }

  /** Own clicks that should have been read by now and were not. */
  long missing() {
    return progress.missing();
  }

  void applied(Batch batch) {
    from = batch.to();
    content = empty();
    letters = new ArrayList<>();
  }
}
