package clicktide.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** A plot of lines as SVG. */
final class SvgPlot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 280;
  private static final int LEFT = 60;
  private static final int RIGHT = 150; // the names of the lines
  private static final int TOP = 30;
  private static final int BOTTOM = 40;
  private static final List<String> COLORS = List.of("#1f77b4", "#d62728", "#2ca02c", "#9467bd");

  private final String title;
  private final Axis x;
  private final Axis y;
  private final List<Line> lines = new ArrayList<>();

  /** An axis. A logarithmic one leaves out values that are not positive. */
  record Axis(String label, boolean isLogarithmic, DoubleFunction<String> tick) {
    static Axis linear(String label) {
      return new Axis(label, false, value -> String.format(Locale.ROOT, "%,.0f", value));
    }

    static Axis logarithmic(String label) {
      return new Axis(label, true, value -> String.format(Locale.ROOT, "%s", (float) value));
    }

    private double place(double value) {
      return isLogarithmic ? Math.log10(value) : value;
    }

    private boolean has(double value) {
      return Double.isFinite(value) && (!isLogarithmic || value > 0);
    }
  }

  private record Point(double x, double y) {}

  private record Line(String name, List<Point> points) {}

  private record Range(double from, double to) {
    double share(double value) {
      return (value - from) / (to - from);
    }
  }

  SvgPlot(String title, Axis x, Axis y) {
    this.title = title;
    this.x = x;
    this.y = y;
  }

  /** A plot over the seconds of a run. */
  static SvgPlot overTime(String title, Axis y) {
    return new SvgPlot(title, Axis.linear("s"), y);
  }

  SvgPlot line(String name, double[] xs, double[] ys) {
    var points = new ArrayList<Point>();
    for (var i = 0; i < ys.length; i++) {
      if (x.has(xs[i]) && y.has(ys[i])) {
        points.add(new Point(x.place(xs[i]), y.place(ys[i])));
      }
    }
    lines.add(new Line(name, points));
    return this;
  }

  /** Adds a line with one value per second. */
  SvgPlot perSecond(String name, double[] values) {
    var seconds = new double[values.length];
    Arrays.setAll(seconds, second -> second);
    return line(name, seconds, values);
  }

  /** Returns the element {@code svg}. */
  String svg() {
    var points = lines.stream().flatMap(line -> line.points.stream()).toList();
    var across = range(x, points.stream().mapToDouble(Point::x).toArray());
    var up = range(y, points.stream().mapToDouble(Point::y).toArray());
    var svg = new StringBuilder();
    svg.append("<svg viewBox='0 0 %d %d' width='%d'>".formatted(WIDTH, HEIGHT, WIDTH));
    text(svg, LEFT, TOP - 12, "start", title);
    for (var tick : ticks(x, across)) {
      var at = LEFT + across.share(tick) * (WIDTH - LEFT - RIGHT);
      rule(svg, at, TOP, at, HEIGHT - BOTTOM);
      text(svg, at, HEIGHT - BOTTOM + 15, "middle", x.tick.apply(value(x, tick)));
    }
    for (var tick : ticks(y, up)) {
      var at = HEIGHT - BOTTOM - up.share(tick) * (HEIGHT - TOP - BOTTOM);
      rule(svg, LEFT, at, WIDTH - RIGHT, at);
      text(svg, LEFT - 5, at + 4, "end", y.tick.apply(value(y, tick)));
    }
    text(svg, (WIDTH - RIGHT + LEFT) / 2.0, HEIGHT - 6, "middle", x.label);
    text(svg, WIDTH - RIGHT, TOP - 12, "end", y.label);
    for (var i = 0; i < lines.size(); i++) {
      draw(svg, lines.get(i), COLORS.get(i % COLORS.size()), TOP + 12 + 18 * i, across, up);
    }
    return svg.append("</svg>").toString();
  }

  private static void draw(
      StringBuilder svg, Line line, String color, int nameAt, Range across, Range up) {
    svg.append("<polyline fill='none' stroke='%s' stroke-width='1.5' points='".formatted(color));
    for (var point : line.points) {
      svg.append(
          String.format(
              Locale.ROOT,
              "%.1f,%.1f ",
              LEFT + across.share(point.x) * (WIDTH - LEFT - RIGHT),
              HEIGHT - BOTTOM - up.share(point.y) * (HEIGHT - TOP - BOTTOM)));
    }
    svg.append("'/><g fill='%s'>".formatted(color));
    text(svg, WIDTH - RIGHT + 8, nameAt, "start", line.name);
    svg.append("</g>");
  }

  /** A linear axis begins at 0, and a logarithmic one has whole decades. */
  private static Range range(Axis axis, double[] values) {
    var least = Arrays.stream(values).min().orElse(0);
    var most = Arrays.stream(values).max().orElse(1);
    if (axis.isLogarithmic) {
      return new Range(Math.floor(least), Math.max(Math.ceil(most), Math.floor(least) + 1));
    }
    return new Range(0, Math.max(1, most));
  }

  private static double[] ticks(Axis axis, Range range) {
    var step = axis.isLogarithmic ? 1 : step(range.to);
    var ticks = new double[(int) ((range.to - range.from) / step) + 1];
    Arrays.setAll(ticks, i -> range.from + i * step);
    return ticks;
  }

  /** Returns 1, 2 or 5 times a power of ten, for at most ten ticks. */
  private static double step(double most) {
    var power = Math.pow(10, Math.floor(Math.log10(most / 5)));
    return power * (most / power > 20 ? 5 : most / power > 10 ? 2 : 1);
  }

  private static double value(Axis axis, double place) {
    return axis.isLogarithmic ? Math.pow(10, place) : place;
  }

  private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='#ddd'/>",
            x1,
            y1,
            x2,
            y2));
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append(
        String.format(
            Locale.ROOT, "<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>", x, y, anchor, text));
  }
}
