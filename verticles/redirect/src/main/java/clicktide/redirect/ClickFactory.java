package clicktide.redirect;

import clicktide.buffer.Journal;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Via;
import clicktide.event.OwnerId;
import clicktide.http.Request;
import clicktide.http.Request.Header;
import clicktide.link.CampaignParameters;
import clicktide.link.Link;
import clicktide.net.ClientAddress;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BiPredicate;

/** Factory of clicks from requests (A3). It interprets nothing and cuts texts to a length. */
final class ClickFactory {
  private static final MultiMap NO_QUERY = MultiMap.caseInsensitiveMultiMap();
  private static final int MAX_AGENT = 512;
  private static final int MAX_TEXT = 1_024;
  private static final int MAX_WORD = 128;

  private final Journal.Lane lane;
  private final ClientAddress addresses;
  private final BiPredicate<OwnerId, String> ownTraffic;
  private final InstantSource uncorrected;

  /**
   * {@code ownTraffic} tests if an owner excludes an address from counting. {@code uncorrected} is
   * the clock of this node without corrections.
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

  /** Drafts the click of a request that this link answers now, recorded under {@code code}. */
  Journal.ClickDraft draft(Request request, Link link, String code, Instant now) {
    var client = client(request);
    var trackingMode = link.handling(ownTraffic.test(link.owner(), client.address()));
    var query = query(request);
    var campaign = campaign(query, link);
    var via = "1".equals(query.get("qr")) ? Via.QR : Via.LINK;
    var receivedAt = uncorrected.instant();
    var requestId = text(request, Header.REQUEST_ID, MAX_WORD);
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
                trackingMode)
            .reduced();
  }

  private Client client(Request request) {
    return new Client(
        addresses.of(request.peer(), request.forwarded()),
        text(request, Header.USER_AGENT, MAX_AGENT),
        withoutQuery(text(request, Header.REFERRER, MAX_TEXT)),
        text(request, Header.HOST, MAX_WORD),
        request.isHead(),
        isPrefetch(request));
  }

  /** Returns the parameters; none if the query cannot be decoded, which stops no redirect. */
  private static MultiMap query(Request request) {
    try {
      return request.uri().indexOf('?') < 0 ? NO_QUERY : parameters(request.uri());
    } catch (IllegalArgumentException _) {
      return NO_QUERY;
    }
  }

  private static MultiMap parameters(String uri) {
    var found = MultiMap.caseInsensitiveMultiMap();
    new QueryStringDecoder(uri).parameters().forEach((name, values) -> found.add(name, values));
    return found;
  }

  /** Recognizes the headers that browsers send before a visitor clicks. */
  private static boolean isPrefetch(Request request) {
    return text(request, Header.SEC_PURPOSE, MAX_WORD).startsWith("prefetch")
        || text(request, Header.PURPOSE, MAX_WORD).equals("prefetch")
        || text(request, Header.X_PURPOSE, MAX_WORD).equals("preview")
        || text(request, Header.X_MOZ, MAX_WORD).equals("prefetch");
  }

  /** Returns the campaign of the request, or else that of the destination. */
  private static Campaign campaign(MultiMap query, Link link) {
    var requested = query.isEmpty() ? Campaign.NONE : campaign(query);
    if (!requested.equals(Campaign.NONE)) {
      return requested;
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
    return cut(found.getOrDefault(name, ""), MAX_WORD);
  }

  private static Campaign campaign(MultiMap query) {
    return new Campaign(
        text(query, "utm_source", MAX_WORD),
        text(query, "utm_medium", MAX_WORD),
        text(query, "utm_campaign", MAX_WORD),
        text(query, "utm_term", MAX_WORD),
        text(query, "utm_content", MAX_WORD));
  }

  /** Cuts off the query of a referrer, which belongs to another site and can hold names. */
  private static String withoutQuery(String referrer) {
    for (var i = 0; i < referrer.length(); i++) {
      if (referrer.charAt(i) == '?' || referrer.charAt(i) == '#') {
        return referrer.substring(0, i);
      }
    }
    return referrer;
  }

  private static String text(Request request, Header header, int max) {
    return cut(request.header(header), max);
  }

  private static String text(MultiMap values, String name, int max) {
    var value = values.get(name);
    return value == null ? "" : cut(value, max);
  }

  private static String cut(String value, int max) {
    return value.length() <= max ? value : value.substring(0, max);
  }
}
