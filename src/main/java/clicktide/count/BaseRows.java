package clicktide.count;

import clicktide.enrich.Dimension;
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

/** The base rows of some clicks: one row per minute, link and combination of dimension values. */
public final class BaseRows {
  private BaseRows() {}

  /** The key of a row; {@code values} are in the order of {@link Dimension}. */
  public record Cell(Minute minute, Subject.Link link, List<String> values) {}

  /**
   * A row: its cell, the number of received events, the clicks among them, and the visitor hashes
   * of these clicks.
   */
  public record Row(Cell cell, int received, HumanBotCount clicks, List<Long> visitors) {
    private Row plus(EnrichedClick click) {
      if (click.visitor() != 0) {
        visitors.add(click.visitor());
      }
      return new Row(cell, received + 1, clicks.plus(HumanBotCount.one(click.traffic())), visitors);
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
   * Returns the rows of clicks that count, of clicks that were only received, and of
   * reclassifications. Pure: the sums depend neither on the order nor on the batches.
   */
  public static Collection<Row> of(
      List<EnrichedClick> counted,
      List<EnrichedClick> uncounted,
      List<Reclassification> reclassified) {
    Map<Cell, Row> rows = new LinkedHashMap<>();
    for (var click : counted) {
      var row = rows.computeIfAbsent(cell(click), BaseRows::empty);
      rows.put(row.cell, row.plus(click));
    }
    for (var click : uncounted) {
      var row = rows.computeIfAbsent(cell(click), BaseRows::empty);
      rows.put(row.cell, row.andReceived());
    }
    for (var one : reclassified) {
      var bot = one.click().asBot();
      add(rows, cell(one.click()), new HumanBotCount(-one.clicks(), 0));
      add(rows, cell(bot), new HumanBotCount(0, one.clicks()));
      if (bot.visitor() != 0) {
        rows.get(cell(bot)).visitors.add(bot.visitor());
      }
    }
    return rows.values();
  }

  private static void add(Map<Cell, Row> rows, Cell cell, HumanBotCount clicks) {
    rows.put(cell, rows.computeIfAbsent(cell, BaseRows::empty).and(clicks));
  }

  /** Returns the rows in other cells; rows of one cell become one row. */
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

  private static Cell cell(EnrichedClick click) {
    var raw = click.click();
    var link = new Subject.Link(raw.subject().id(), raw.subject().owner(), 0);
    return new Cell(Minute.of(raw.at()), link, Dimension.allOf(click));
  }
}
