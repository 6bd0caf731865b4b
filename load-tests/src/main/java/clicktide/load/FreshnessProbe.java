package clicktide.load;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ten clicks per second of one link, which no other load follows, and a live socket of the link.
 */
final class FreshnessProbe implements SideLoad {
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ADDRESSES = 6_000; // enough that no click counts as a bot by its rate

  private final ShownClicks shown;
  private final RawConnection connection;
  private final Paced paced;
  private int next;

  FreshnessProbe(StartedProduct product, int link, ClickOracle oracle) throws Exception {
    var code = Traffic.code(link);
    var requests =
        IntStream.range(0, ADDRESSES)
            .mapToObj(
                address -> new LinkRequest(link, code, LinkRequest.BROWSER, false, "", address))
            .toList();
    shown = new ShownClicks(List.of(code));
    product.owner().watch(LiveWatcher.ofLink(code, shown::shown));
    connection = new RawConnection("127.0.0.1", product.linkPort);
    paced =
        new Paced(
            INTERVAL,
            _ -> {
              var request = requests.get(next++ % ADDRESSES);
              if (connection.write(request.bytes).read().status() == 302) {
                shown.redirected(code);
                oracle.redirected(request);
              }
            });
  }

  @Override
  public void end() throws Exception {
    paced.end();
    connection.close();
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (!shown.isComplete() && System.nanoTime() < end) {
      Thread.sleep(INTERVAL);
    }
  }

  @Override
  public void describe(HtmlReport report) {
    var total = shown.timeline.total();
    report.row(
        "click to live socket",
        "%s, %d of %d clicks".formatted(Timeline.summary(total), total.getTotalCount(), next));
    report.plot(
        SvgPlot.overTime("Click to live socket over time", SvgPlot.Axis.linear("ms"))
            .perSecond("p50", shown.timeline.percentile(50))
            .perSecond("max", shown.timeline.percentile(100)));
  }
}
