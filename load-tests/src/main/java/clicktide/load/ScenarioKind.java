package clicktide.load;

import clicktide.load.Traffic.Shape;
import java.util.ArrayList;
import java.util.List;

/** The scenarios of the load test. */
enum ScenarioKind {
  /** One rate. */
  STEADY,
  /** Ten times the rate in two of ten seconds. */
  SPIKY,
  /** One link with 95 % of the clicks. */
  VIRAL,
  /** A collector repeats 30 % of its events, beside the redirects. */
  DUPLICATES,
  /** A collector sends events of the last ten minutes in disorder, beside the redirects. */
  LATE,
  /** Half of the clicks have the user agent of a bot, and one address floods a link. */
  BOTS,
  /** Dashboards are open, and analytics questions are asked. */
  DASHBOARDS;

  private static final int PREPARED = 65_536; // requests, which are sent again and again
  private static final int FLOOD = 10; // one of ten requests
  private static final int FLOODED_LINK = 3;
  private static final int FLOODING_ADDRESS = 0xffffff;

  int perSecond(int perSecond, int second) {
    return this == SPIKY && second % 10 >= 8 ? 10 * perSecond : perSecond;
  }

  List<LinkRequest> requests(int links) {
    var shape = this == VIRAL ? Shape.VIRAL : Shape.ZIPF;
    var traffic = this == BOTS ? Traffic.ofBots(links, shape, 1) : new Traffic(links, shape, 1);
    var requests = new ArrayList<LinkRequest>();
    for (var i = 0; i < PREPARED; i++) {
      requests.add(this == BOTS && i % FLOOD == 0 ? flood() : traffic.next());
    }
    return requests;
  }

  private static LinkRequest flood() {
    var code = Traffic.code(FLOODED_LINK);
    return new LinkRequest(FLOODED_LINK, code, LinkRequest.BROWSER, false, "", FLOODING_ADDRESS);
  }
}
