package clicktide.aggregation.kafka;

import clicktide.count.Outcome;
import clicktide.enrich.EnrichedClick;
import clicktide.event.DeadLetter;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
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
  private final List<Outcome> outcomes = new ArrayList<>();
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
        events.outcomes().forEach(outcome -> outcomes.add(known(outcome)));
        state.observe(events.loggedAt(), events.sentAt(), events.heartbeat());
      }
    }
  }

  /**
   * Returns a counted click as a duplicate if this sink has it. A rejected click stays new, so that
   * it counts when an operator sends its dead letter again.
   */
  private Outcome known(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Counted(EnrichedClick click)
          when click.click().identity() instanceof Identity.Own own && !state.isNew(own) ->
          new Outcome.Duplicate(click);
      case Outcome.Rejected(LinkClick click) -> {
        if (click.identity() instanceof Identity.Own own) {
          state.leaveOut(own);
        }
        yield outcome;
      }
      case Outcome.Counted _, Outcome.Duplicate _, Outcome.Shed _, Outcome.Reclassified _ ->
          outcome;
    };
  }

  /** Returns the position after everything that was taken. */
  long next() {
    return to;
  }

  /** Returns the number of events. */
  int size() {
    return outcomes.size();
  }

  /** Returns true if no position was passed since the last batch. */
  boolean isEmpty() {
    return to <= from;
  }

  /** Returns what was read since the last batch that was applied; immutable. */
  Batch batch() {
    var ended = state.endNodes(endedNodes);
    var reached = new Batch.Reached(state.watermark(), state.silent(), state.write(), ended);
    return new Batch(partition, token, from, to, List.copyOf(outcomes), reached);
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
    outcomes.clear();
    deadLetters.clear();
  }
}
