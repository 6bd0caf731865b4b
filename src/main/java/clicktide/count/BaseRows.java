package clicktide.count;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.event.Minute;
import clicktide.event.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The base rows of some visits: one row per minute, link and combination of dimension values. */
public final class BaseRows {
  private BaseRows() {}

  /** What a row stands for; {@code values} are in the order of {@link Dimension}. */
  public record Cell(Minute minute, Subject.Link link, List<String> values) {}

  /**
   * A cell, the events that were received for it, those of them that count as clicks, and the
   * visitor hashes of these.
   */
  public record Row(Cell cell, int received, HumanBotCount clicks, List<Long> visitors) {
    private Row plus(EnrichedClick visit) {
      if (visit.visitor() != 0) {
        visitors.add(visit.visitor());
      }
      return new Row(cell, received + 1, clicks.plus(HumanBotCount.one(visit.traffic())), visitors);
    }

    private Row plus(Row other) {
      var both = new ArrayList<>(visitors);
      both.addAll(other.visitors);
      return new Row(cell, received + other.received, clicks.plus(other.clicks), both);
    }

    private Row in(Cell other) {
      return new Row(other, received, clicks, visitors);
    }

    private Row and(HumanBotCount more) {
      return new Row(cell, received, clicks.plus(more), visitors);
    }

    private Row andReceived() {
      return new Row(cell, received + 1, clicks, visitors);
    }
  }

  /**
   * Rows of visits that count, of others that were received and do not, and of what was moved from
   * people to machines. Pure: the sums do not depend on the order of the visits nor on how they are
   * cut.
   */
  public static Collection<Row> of(
      List<EnrichedClick> counted, List<EnrichedClick> uncounted, List<Reclassification> moved) {
    Map<Cell, Row> rows = new LinkedHashMap<>();
    for (var visit : counted) {
      var row = rows.computeIfAbsent(cell(visit), BaseRows::empty);
      rows.put(row.cell, row.plus(visit));
    }
    for (var visit : uncounted) {
      var row = rows.computeIfAbsent(cell(visit), BaseRows::empty);
      rows.put(row.cell, row.andReceived());
    }
    for (var one : moved) {
      var machine = one.click().asBot();
      add(rows, cell(one.click()), new HumanBotCount(-one.clicks(), 0));
      add(rows, cell(machine), new HumanBotCount(0, one.clicks()));
      if (machine.visitor() != 0) {
        rows.get(cell(machine)).visitors.add(machine.visitor());
      }
    }
    return rows.values();
  }

  private static void add(Map<Cell, Row> rows, Cell cell, HumanBotCount clicks) {
    rows.put(cell, rows.computeIfAbsent(cell, BaseRows::empty).and(clicks));
  }

  /** The same rows in other cells; those that get into one cell become one. */
  public static Collection<Row> regrouped(Collection<Row> rows, UnaryOperator<Cell> to) {
    Map<Cell, Row> regrouped = new LinkedHashMap<>();
    for (var row : rows) {
      regrouped.merge(to.apply(row.cell), row.in(to.apply(row.cell)), Row::plus);
    }
    return regrouped.values();
  }

  private static Row empty(Cell cell) {
    return new Row(cell, 0, HumanBotCount.NONE, new ArrayList<>());
  }

  private static Cell cell(EnrichedClick visit) {
    var click = visit.click();
    var link = new Subject.Link(click.subject().id(), click.subject().owner(), 0);
    return new Cell(Minute.of(click.at()), link, Dimension.allOf(visit));
  }
}
