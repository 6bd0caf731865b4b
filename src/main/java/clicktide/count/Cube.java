package clicktide.count;

import clicktide.event.Minute;
import clicktide.event.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The base rows of some visits: one row per minute, link and combination of dimension values. */
public final class Cube {
  private Cube() {}

  /** What a row stands for; {@code values} are in the order of {@link Dimension}. */
  public record Cell(Minute minute, Subject.Link link, List<String> values) {}

  /** A cell, its clicks and the visitor hashes of those clicks. */
  public record Row(Cell cell, Clicks clicks, List<Long> visitors) {
    private Row plus(Visit visit) {
      if (visit.visitor() != 0) {
        visitors.add(visit.visitor());
      }
      return new Row(cell, clicks.plus(Clicks.one(visit.traffic())), visitors);
    }
  }

  /** Pure: the sums do not depend on the order of the visits nor on how they are cut. */
  public static Collection<Row> of(List<Visit> visits) {
    Map<Cell, Row> rows = new LinkedHashMap<>();
    for (var visit : visits) {
      var click = visit.click();
      var link = new Subject.Link(click.subject().id(), click.subject().owner(), 0);
      var cell = new Cell(Minute.of(click.at()), link, Dimension.allOf(visit));
      var row = rows.computeIfAbsent(cell, key -> new Row(key, Clicks.NONE, new ArrayList<>()));
      rows.put(cell, row.plus(visit));
    }
    return rows.values();
  }
}
