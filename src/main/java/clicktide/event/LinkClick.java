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
    Campaign campaign,
    TrackingMode handling)
    implements Event {

  /** The same click at another time. */
  public LinkClick at(Instant other) {
    return new LinkClick(
        identity,
        subject,
        code,
        other,
        receivedAt,
        requestId,
        target,
        via,
        client,
        campaign,
        handling);
  }

  /** The same under another identity. */
  public LinkClick as(Identity other) {
    return new LinkClick(
        other, subject, code, at, receivedAt, requestId, target, via, client, campaign, handling);
  }

  /** Without what its handling does not need: nobody can lose what was never kept. */
  public LinkClick reduced() {
    return switch (handling) {
      case FULL -> this;
      case COUNTS_ONLY ->
          with(new Client("", client.userAgent, "", "", client.head, client.prefetch));
      case TRACKING_OFF, OWN_TRAFFIC -> with(Client.UNKNOWN);
    };
  }

  private LinkClick with(Client less) {
    return new LinkClick(
        identity, subject, code, at, receivedAt, "", target, via, less, Campaign.NONE, handling);
  }

  /** Where the answer led: its status, and the host of the destination that the link had then. */
  public record Target(int status, String host) {}

  /** How the visitor came (A6). The id is permanent: the log keeps it. */
  public enum Via {
    /** By following the link. */
    LINK(0),
    /** By scanning the QR code of the link. */
    QR(1);

    private final int id;

    Via(int id) {
      this.id = id;
    }

    public int id() {
      return id;
    }
  }

  /** What the request said of whoever sent it. {@code address} is an IPv4 or IPv6 literal. */
  public record Client(
      String address,
      String userAgent,
      String referrer,
      String host,
      boolean head,
      boolean prefetch) {
    public static final Client UNKNOWN = new Client("", "", "", "", false, false);
  }

  /** The five {@code utm_} parameters of the request's query. */
  public record Campaign(String source, String medium, String name, String term, String content) {
    public static final Campaign NONE = new Campaign("", "", "", "", "");
  }
}
