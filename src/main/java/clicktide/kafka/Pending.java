package clicktide.kafka;

import clicktide.count.Visit;
import clicktide.count.Watermark;
import clicktide.event.LinkClick;
import clicktide.log.EnvelopeCodec;
import clicktide.store.Sink.Position;
import clicktide.store.Slice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What was read of one partition and is not in the sink yet. */
final class Pending {
  private final int partition;
  private final Slice.Tenure tenure;
  private final Watermark watermark = new Watermark();
  private List<Visit> visits = new ArrayList<>();
  private long from;
  private long to;

  Pending(int partition, Position position) {
    this.partition = partition;
    tenure = position.tenure();
    from = position.next();
    to = position.next();
  }

  void take(ConsumerRecord<Void, byte[]> record, LogFollower.Enrich enrich) {
    var loggedAt = Instant.ofEpochMilli(record.timestamp());
    if (record.value() == null) {
      throw new IllegalArgumentException("a record without a value");
    }
    var envelope = EnvelopeCodec.decode(record.value());
    watermark.observe(loggedAt, envelope.node(), envelope.oldest());
    for (var event : envelope.events()) {
      switch (event) {
        case LinkClick click -> visits.add(enrich.visit(click, loggedAt));
      }
    }
  }

  /** Positions, not offsets: between records there may be some that nobody sees. */
  void readTo(long next) {
    to = next;
  }

  int size() {
    return visits.size();
  }

  boolean isAhead() {
    return to > from;
  }

  Slice slice() {
    return new Slice(partition, tenure, from, to, watermark.through(), visits);
  }

  void applied(Slice slice) {
    from = slice.to();
    visits = new ArrayList<>();
  }
}
