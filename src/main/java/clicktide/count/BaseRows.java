package clicktide.count;

import clicktide.enrich.ClickValues;
import clicktide.enrich.EnrichedClick;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The base rows of some clicks: one row per minute, link and combination of dimension values. */
public final class BaseRows {
  private BaseRows() {}

  /** The key of a row. {@code owner} is the owner of the link that its clicks carried. */
  public record Cell(Minute minute, long link, OwnerId owner, ClickValues values) {
    private static Cell of(EnrichedClick click) {
      var raw = click.click();
      var link = raw.subject();
      return new Cell(Minute.of(raw.at()), link.id(), link.owner(), click.values());
    }

    /** Spreads the link, because most cells of a batch differ in it. */
    @Override
    public int hashCode() {
      return (Long.hashCode(link * 0x9e3779b97f4a7c15L) * 31 + Long.hashCode(minute.number())) * 31
          + values.hashCode();
    }
  }

  /**
   * A row: its cell, the number of received events, the clicks among them, and the visitor hashes
   * of these clicks. Complete when {@link BaseRows} returns it.
   */
  public static final class Row {
    private static final long[] NOBODY = {};

    private final Cell cell;
    private int received;
    private long human;
    private long bot;
    private long[] visitors = NOBODY;
    private int visitorCount;

    private Row(Cell cell) {
      this.cell = cell;
    }

    public Cell cell() {
      return cell;
    }

    public int received() {
      return received;
    }

    public HumanBotCount clicks() {
      return new HumanBotCount(human, bot);
    }

    public boolean hasClicks() {
      return human != 0 || bot != 0;
    }

    public long[] visitors() {
      return Arrays.copyOf(visitors, visitorCount);
    }

    private void count(EnrichedClick click) {
      received++;
      switch (click.traffic()) {
        case HUMAN -> human++;
        case BOT -> bot++;
      }
      addVisitor(click.visitor());
    }

    private void addVisitor(long visitor) {
      if (visitor == 0) {
        return;
      }
      if (visitorCount == visitors.length) {
        visitors = Arrays.copyOf(visitors, Math.max(1, 2 * visitorCount));
      }
      visitors[visitorCount++] = visitor;
    }

    private void add(Row other) {
      received += other.received;
      human += other.human;
      bot += other.bot;
      for (var visitor : other.visitors()) {
        addVisitor(visitor);
      }
    }
  }

  /**
   * Returns the rows of clicks that count, of clicks that were only received, and of
   * reclassifications. Pure: the sums depend neither on the order nor on the batches.
   */
  public static Collection<Row> of(
      List<EnrichedClick> counted,
      List<EnrichedClick> uncounted,
      List<Outcome.Reclassified> reclassified) {
    Map<Cell, Row> rows = LinkedHashMap.newLinkedHashMap(counted.size());
    for (var click : counted) {
      row(rows, Cell.of(click)).count(click);
    }
    for (var click : uncounted) {
      row(rows, Cell.of(click)).received++;
    }
    for (var one : reclassified) {
      var bot = one.click().asBot();
      row(rows, Cell.of(one.click())).human -= one.clicks();
      var bots = row(rows, Cell.of(bot));
      bots.bot += one.clicks();
      bots.addVisitor(bot.visitor());
    }
    return rows.values();
  }

  private static Row row(Map<Cell, Row> rows, Cell cell) {
    return rows.computeIfAbsent(cell, Row::new);
  }

  /** Returns the rows in other cells; rows of one cell become one row. */
  public static Collection<Row> regrouped(Collection<Row> rows, UnaryOperator<Cell> to) {
    Map<Cell, Row> regrouped = LinkedHashMap.newLinkedHashMap(rows.size());
    rows.forEach(row -> row(regrouped, to.apply(row.cell)).add(row));
    return regrouped.values();
  }
}
