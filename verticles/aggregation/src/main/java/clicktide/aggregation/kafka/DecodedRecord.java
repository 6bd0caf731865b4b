package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.event.DeadLetter;
import clicktide.event.Heartbeat;
import clicktide.event.LinkClick;
import clicktide.event.ShedReport;
import java.time.Instant;
import java.util.List;

/** A record of the log after decoding and enrichment. All sinks share it, so it is immutable. */
sealed interface DecodedRecord {
  long offset();

  /** Returns the broker's stamp. */
  Instant loggedAt();

  /** Returns the number of clicks, which bounds the memory of a queue. */
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
   * without any correction. {@code rejected} are clicks that cannot be enriched. They and the
   * clicks that cannot be decoded are among {@code deadLetters}.
   */
  record DecodedEnvelope(
      long offset,
      Instant loggedAt,
      Instant sentAt,
      Heartbeat heartbeat,
      List<EnrichedClick> clicks,
      List<LinkClick> rejected,
      List<ShedReport> shed,
      List<Reclassification> reclassified,
      List<DeadLetter> deadLetters)
      implements DecodedRecord {
    @Override
    public int size() {
      return clicks.size();
    }
  }
}
