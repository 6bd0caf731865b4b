package clicktide.redirect;

import clicktide.buffer.Journal;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Via;
import clicktide.event.OwnerId;
import clicktide.link.CampaignParameters;
import clicktide.link.Link;
import clicktide.net.ClientAddress;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BiPredicate;

/** Makes the click of a request (A3). Nothing in it is interpreted; texts are cut to a length. */
final class ClickFactory {
  private static final MultiMap NO_QUERY = MultiMap.caseInsensitiveMultiMap();
  private static final int LONGEST_AGENT = 512;
  private static final int LONGEST_TEXT = 1_024;
  private static final int LONGEST_WORD = 128;

  private final Journal.Lane lane;
  private final ClientAddress addresses;
  private final BiPredicate<OwnerId, String> ownTraffic;
  private final InstantSource uncorrected;

  /**
   * {@code ownTraffic} knows the addresses that owners do not want counted; {@code uncorrected} is
   * the clock of this node before anything was taken off it.
   */
  ClickFactory(
      Journal.Lane lane,
      ClientAddress addresses,
      BiPredicate<OwnerId, String> ownTraffic,
      InstantSource uncorrected) {
    this.lane = lane;
    this.addresses = addresses;
    this.ownTraffic = ownTraffic;
    this.uncorrected = uncorrected;
  }

  /** The click of a request for a code that is answered with this link now. */
  Journal.Draft draft(HttpServerRequest request, Link link, String code, Instant now) {
    var client = client(request);
    var handling = link.handling(ownTraffic.test(link.owner(), client.address()));
    var query = query(request);
    var campaign = campaign(query, link);
    var via = "1".equals(query.get("qr")) ? Via.QR : Via.LINK;
    var receivedAt = uncorrected.instant();
    var requestId = text(request.headers(), "x-request-id", LONGEST_WORD);
    return sequence ->
        new LinkClick(
                new Identity.Own(lane.node(), lane.boot(), lane.number(), sequence),
                link.subject(),
                code,
                now,
                receivedAt,
                requestId,
                link.target(),
                via,
                client,
                campaign,
                handling)
            .reduced();
  }

  private Client client(HttpServerRequest request) {
    var headers = request.headers();
    var peer = request.remoteAddress().hostAddress();
    return new Client(
        addresses.of(peer == null ? "" : peer, headers.getAll("x-forwarded-for")),
        text(headers, "user-agent", LONGEST_AGENT),
        withoutQuery(text(headers, "referer", LONGEST_TEXT)),
        text(headers, "host", LONGEST_WORD),
        request.method().equals(HttpMethod.HEAD),
        isPrefetch(headers));
  }

  /** A query that does not decode says nothing; the redirect does not depend on it. */
  private static MultiMap query(HttpServerRequest request) {
    try {
      return request.uri().indexOf('?') < 0 ? NO_QUERY : request.params();
    } catch (IllegalArgumentException _) {
      return NO_QUERY;
    }
  }

  /** What browsers send when nobody has clicked yet. */
  private static boolean isPrefetch(MultiMap headers) {
    return text(headers, "sec-purpose", LONGEST_WORD).startsWith("prefetch")
        || text(headers, "purpose", LONGEST_WORD).equals("prefetch")
        || text(headers, "x-purpose", LONGEST_WORD).equals("preview")
        || text(headers, "x-moz", LONGEST_WORD).equals("prefetch");
  }

  /** The visitor's own parameters, or else those of the destination. */
  private static Campaign campaign(MultiMap query, Link link) {
    var asked = query.isEmpty() ? Campaign.NONE : campaign(query);
    if (!asked.equals(Campaign.NONE)) {
      return asked;
    }
    var found = CampaignParameters.of(link.rules().destination());
    return found.isEmpty()
        ? Campaign.NONE
        : new Campaign(
            word(found, "source"),
            word(found, "medium"),
            word(found, "campaign"),
            word(found, "term"),
            word(found, "content"));
  }

  private static String word(Map<String, String> found, String name) {
    return cut(found.getOrDefault(name, ""), LONGEST_WORD);
  }

  private static Campaign campaign(MultiMap query) {
    return new Campaign(
        text(query, "utm_source", LONGEST_WORD),
        text(query, "utm_medium", LONGEST_WORD),
        text(query, "utm_campaign", LONGEST_WORD),
        text(query, "utm_term", LONGEST_WORD),
        text(query, "utm_content", LONGEST_WORD));
  }

  /** The query of a referrer is somebody else's and may name people. */
  private static String withoutQuery(String referrer) {
    for (var i = 0; i < referrer.length(); i++) {
      if (referrer.charAt(i) == '?' || referrer.charAt(i) == '#') {
        return referrer.substring(0, i);
      }
    }
    return referrer;
  }

  private static String text(MultiMap values, String name, int longest) {
    var value = values.get(name);
    return value == null ? "" : cut(value, longest);
  }

  private static String cut(String value, int longest) {
    return value.length() <= longest ? value : value.substring(0, longest);
  }
}
