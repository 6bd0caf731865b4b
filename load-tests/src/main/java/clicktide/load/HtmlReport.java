package clicktide.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The result of a load test: rows of figures for the terminal, and one HTML file with plots. */
final class HtmlReport {
  private static final int STEPS = 5; // per halving of the distance to 100 %

  private final String title;
  private final Map<String, String> rows = new LinkedHashMap<>();
  private final List<SvgPlot> plots = new ArrayList<>();

  HtmlReport(String title) {
    this.title = title;
  }

  void row(String name, String figures) {
    rows.put(name, figures);
  }

  void plot(SvgPlot plot) {
    plots.add(plot);
  }

  /** Returns a plot of latencies by percentile. The distance of the percentile to 100 % shrinks. */
  static SvgPlot byPercentile(Map<String, Histogram> histograms) {
    var share =
        new SvgPlot.Axis(
            "percentile", true, value -> Float.toString((float) (100 - 100 / value)) + " %");
    var plot = new SvgPlot("Latency by percentile", share, SvgPlot.Axis.logarithmic("ms"));
    histograms.forEach(
        (name, histogram) -> {
          var xs = new ArrayList<Double>();
          var ys = new ArrayList<Double>();
          for (var value : histogram.percentiles(STEPS)) {
            xs.add(100 / (100 - value.getPercentileLevelIteratedTo()));
            ys.add(value.getValueIteratedTo() / 1e3);
          }
          plot.line(name, array(xs), array(ys));
        });
    return plot;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Prints the rows and writes the file. */
  void write(Path file) throws IOException {
    System.out.println(title);
    rows.forEach((name, figures) -> System.out.printf("  %-24s %s%n", name, figures));
    var html = new StringBuilder();
    html.append("<!doctype html><meta charset='utf-8'><title>%s</title>".formatted(title));
    html.append("<style>body{font:14px sans-serif;margin:2em}svg{display:block;margin:1em 0}");
    html.append("text{font-size:12px}td{padding:2px 1em 2px 0}</style>");
    html.append("<h1>%s</h1><table>".formatted(title));
    rows.forEach((name, figures) -> html.append("<tr><td>" + name + "<td>" + figures));
    html.append("</table>");
    plots.forEach(plot -> html.append(plot.svg()));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, html);
    System.out.println("report: " + file);
  }
}
