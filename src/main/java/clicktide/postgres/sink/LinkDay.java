package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.event.Minute;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A link on a UTC day. */
record LinkDay(LocalDate day, long link) {
  static LinkDay of(BaseRows.Cell cell) {
    return new LinkDay(day(cell.minute()), cell.link());
  }

  /** Returns the UTC day of a minute. */
  static LocalDate day(Minute minute) {
    return day(minute.start());
  }

  static LocalDate day(Instant at) {
    return at.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  Instant start() {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
