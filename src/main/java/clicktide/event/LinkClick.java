package clicktide.event;

import java.time.Instant;

/**
 * An answer of 301, 302, 307 or 308 to GET or HEAD (A3), raw: nothing in it is interpreted yet. An
 * absent text is empty. {@code receivedAt} is when we first had it; of a click of our own, by the
 * clock of its node before anything was taken off it.
 */
public record LinkClick(
    Identity identity,
    Subject.Link subject,
    String code,
    Instant at,
    Instant receivedAt,
    String requestId,
    Target target,
    Via via,
    Client client,
    Campaign campaign)
    implements Event {

  /** The same click at another time. */
  public LinkClick at(Instant other) {
    return new LinkClick(
        identity, subject, code, other, receivedAt, requestId, target, via, client, campaign);
  }

  /** Where the answer led: its status, and the host of the destination that the link had then. */
  public record Target(int status, String host) {}

  /** How the visitor came: by following the link, or by scanning its QR code (A6). */
  public enum Via {
    LINK,
    QR
  }

  /** What the request said of whoever sent it. {@code address} is an IPv4 or IPv6 literal. */
  public record Client(
      String address,
      String userAgent,
      String referrer,
      String host,
      boolean head,
      boolean prefetch) {}

  /** The five {@code utm_} parameters of the request's query. */
  public record Campaign(String source, String medium, String name, String term, String content) {
    public static final Campaign NONE = new Campaign("", "", "", "", "");
  }
}
