package clicktide.faults;

import java.util.ArrayList;
import java.util.List;

/** The printed results of the faults. */
final class FaultTable {
  private static final List<Row> ROWS = new ArrayList<>();

  private FaultTable() {}

  /**
   * {@code difference} is the number of clicks that were answered but not counted, or counted but
   * never sent. {@code seconds} is the time from the end of the traffic until every count is exact.
   */
  record Row(String fault, long events, int kills, long difference, double seconds, String note) {}

  static void add(Row row) {
    ROWS.add(row);
    System.out.println(line(row));
  }

  static void notRun(String fault) {
    notRun(fault, "root and support by this Linux");
  }

  static void notRun(String fault, String requirement) {
    add(new Row(fault, 0, 0, 0, 0, "NOT RUN: requires " + requirement));
  }

  private static String line(Row row) {
    return "%-58s %9d %6d %11d %8.1f  %s"
        .formatted(row.fault, row.events, row.kills, row.difference, row.seconds, row.note);
  }

  static void print() {
    System.out.printf(
        "%n%-58s %9s %6s %11s %8s  %s%n", "fault", "events", "kills", "difference", "seconds", "");
    ROWS.forEach(row -> System.out.println(line(row)));
  }
}
