package clicktide.aggregation.kafka;

import clicktide.count.Outcome;
import clicktide.event.DeadLetter;
import clicktide.event.Heartbeat;
import java.time.Instant;
import java.util.List;

/** A record of the log after decoding and enrichment. All sinks share it, so it is immutable. */
sealed interface DecodedRecord {
  long offset();

  /** Returns the broker's stamp. */
  Instant loggedAt();

  /** Returns the number of events, which bounds the memory of a queue. */
  int size();

  /** Returns the events that cannot be counted. */
  List<DeadLetter> deadLetters();

  /** A record that is no envelope, or that has ended processes. */
  record UnreadableRecord(long offset, Instant loggedAt, DeadLetter deadLetter)
      implements DecodedRecord {
    @Override
    public int size() {
      return 0;
    }

    @Override
    public List<DeadLetter> deadLetters() {
      return List.of(deadLetter);
    }
  }

  /**
   * An envelope with its heartbeat. {@code sentAt} is the time of sending by the clock of the node
   * without any correction. Each click that can be enriched is among {@code outcomes} as counted,
   * because each sink has repeats of its own. Events that cannot be decoded are only among {@code
   * deadLetters}.
   */
  record DecodedEnvelope(
      long offset,
      Instant loggedAt,
      Instant sentAt,
      Heartbeat heartbeat,
      List<Outcome> outcomes,
      List<DeadLetter> deadLetters)
      implements DecodedRecord {
    @Override
    public int size() {
      return outcomes.size();
    }
  }
}
