package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.event.DeadLetter;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.ShedReport;
import clicktide.kafka.Topic;
import clicktide.store.Batch;
import clicktide.store.Sink.Position;
import clicktide.stream.PartitionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collector of the next batch of one partition for one sink. For one thread. */
final class PartitionBatch {
  private final int partition;
  private final Batch.FencingToken token;
  private final PartitionState state;
  private final Duration endedNodes;
  private final List<EnrichedClick> clicks = new ArrayList<>();
  private final List<EnrichedClick> repeats = new ArrayList<>();
  private final List<LinkClick> rejected = new ArrayList<>();
  private final List<ShedReport> shed = new ArrayList<>();
  private final List<Reclassification> reclassified = new ArrayList<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private long from;
  private long to;

  /** {@code endedNodes}: how long the state of a node that ended is kept. */
  PartitionBatch(Topic topic, int partition, Position position, Duration endedNodes) {
    this.partition = partition;
    this.endedNodes = endedNodes;
    token = position.token();
    state =
        position.state().isEmpty()
            ? PartitionState.begin(partition, topic.partitions(), position.next() == 0)
            : PartitionState.read(
                position.state(), position.ended(), partition, topic.partitions());
    from = position.next();
    to = position.next();
  }

  /** Adds the records of a block that begins at {@link #next} and moves there to its end. */
  void take(RecordBlock block) {
    block.records().forEach(this::take);
    to = block.to();
  }

  private void take(DecodedRecord record) {
    deadLetters.addAll(record.deadLetters());
    switch (record) {
      case DecodedRecord.UnreadableRecord _ -> {}
      case DecodedRecord.DecodedEnvelope events -> {
        state.announce(events.heartbeat());
        events.clicks().forEach(this::take);
        events.rejected().forEach(this::reject);
        shed.addAll(events.shed());
        reclassified.addAll(events.reclassified());
        state.observe(events.loggedAt(), events.sentAt(), events.heartbeat());
      }
    }
  }

  private void take(EnrichedClick enriched) {
    if (enriched.click().identity() instanceof Identity.Own own && !state.isNew(own)) {
      repeats.add(enriched);
    } else {
      clicks.add(enriched);
    }
  }

  /** The click stays new, so that it counts when an operator sends its dead letter again. */
  private void reject(LinkClick click) {
    rejected.add(click);
    if (click.identity() instanceof Identity.Own own) {
      state.leaveOut(own);
    }
  }

  /** Returns the position after everything that was taken. */
  long next() {
    return to;
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
