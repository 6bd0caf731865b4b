package clicktide.aggregation.kafka;

import java.util.List;

/**
 * The records of one partition between two consumer positions [from, to), as one reading returned
 * them. {@code unread}: the records that followed in the log at that moment.
 */
record RecordBlock(int partition, long from, long to, List<DecodedRecord> records, long unread) {
  /** Returns the number of clicks. */
  int size() {
    var size = 0;
    for (var record : records) {
      size += record.size();
    }
    return size;
  }

  /** Returns the part from a position on, which lies before the end. */
  RecordBlock after(long position) {
    if (position <= from) {
      return this;
    }
    var rest = records.stream().filter(record -> record.offset() >= position).toList();
    return new RecordBlock(partition, position, to, rest, unread);
  }
}
