package clicktide.load;

import java.io.IOException;
import java.time.Duration;

/** Open dashboards: 15 live sockets, and 20 analytics questions per second about many links. */
final class DashboardLoad implements SideLoad {
  private static final int SOCKETS = 15;
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final Timeline answers = new Timeline(); // from the intended time of a question
  private final Seen seen = new Seen();
  private final long start = System.nanoTime();
  private final Product product;
  private final String owner;
  private final int links;
  private final Paced paced;
  private int asked;

  DashboardLoad(Product product, int links) throws Exception {
    this.product = product;
    this.links = links;
    owner = product.get("/v1/me").path("ownerId").textValue();
    for (var socket = 0; socket < SOCKETS; socket++) {
      product.watch(
          socket % 5 == 0
              ? LiveWatcher.ofOwner(owner, (_, _) -> {})
              : LiveWatcher.ofLink(Traffic.code(socket), (_, _) -> {}));
    }
    paced = new Paced(INTERVAL, this::ask);
  }

  private void ask(long due) throws InterruptedException {
    try {
      product.get(question(asked++));
      answers.add(due - start, System.nanoTime() - due);
      seen.count("answered");
    } catch (IOException _) {
      seen.count("refused");
    }
  }

  private String question(int number) {
    var link = "/v1/links/" + Traffic.code(number * 7 % links);
    return switch (number % 5) {
      case 0 -> link + "/analytics?bucket=minute&interval=1h";
      case 1 -> link + "/analytics?bucket=hour&interval=24h&dimensions=country,device";
      case 2 -> link + "/analytics?bucket=day&interval=30d&metrics=clicks,uniqueVisitors";
      case 3 -> link + "/events";
      default -> "/v1/owners/%s/analytics/top-links?interval=24h".formatted(owner);
    };
  }

  @Override
  public void end() throws Exception {
    paced.end();
  }

  @Override
  public void describe(HtmlReport report) {
    report.row("questions", "%s; %s".formatted(Timeline.summary(answers.total()), seen.summary()));
    report.plot(
        SvgPlot.overTime("Questions over time", SvgPlot.Axis.linear("ms"))
            .perSecond("p50", answers.percentile(50))
            .perSecond("max", answers.percentile(100)));
  }
}
