package clicktide.stream;

import clicktide.event.UnknownFields;

/** The sequence numbers that were read of a lane, and the fields of a newer version. */
record LaneNumbers(Intervals numbers, UnknownFields unknown) {
  static LaneNumbers nothing() {
    return new LaneNumbers(new Intervals(), UnknownFields.NONE);
  }
}
