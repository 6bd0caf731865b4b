package clicktide.event;

import java.time.Instant;

/**
 * An answer with status 301, 302, 307 or 308 to GET or HEAD (A3), or a click that a collector
 * reported. It is raw: no field is interpreted yet. An absent text is empty. {@code receivedAt} is
 * the time when this product first had it; for an own click it is the time of the node's clock
 * without any correction. {@code unknown} holds the fields of a newer version.
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
    TrackingMode mode,
    UnknownFields unknown)
    implements Event {

  public LinkClick(
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
      TrackingMode mode) {
    this(
        identity,
        subject,
        code,
        at,
        receivedAt,
        requestId,
        target,
        via,
        client,
        campaign,
        mode,
        UnknownFields.NONE);
  }

  /** Returns the same click at another time. */
  public LinkClick withAt(Instant other) {
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
        mode,
        unknown);
  }

  /** Returns the same click under another identity. */
  public LinkClick withIdentity(Identity other) {
    return new LinkClick(
        other,
        subject,
        code,
        at,
        receivedAt,
        requestId,
        target,
        via,
        client,
        campaign,
        mode,
        unknown);
  }

  /** Returns the click without the fields that its tracking mode does not need. */
  public LinkClick reduced() {
    return switch (mode) {
      case FULL -> this;
      case COUNTS_ONLY ->
          reduced(new Client("", client.userAgent, "", "", client.head, client.prefetch));
      case TRACKING_OFF, OWN_TRAFFIC -> reduced(Client.UNKNOWN);
    };
  }

  /** A field of a newer version may hold personal data, so it is not kept either. */
  private LinkClick reduced(Client less) {
    return new LinkClick(
        identity, subject, code, at, receivedAt, "", target, via, less, Campaign.NONE, mode);
  }

  /** The destination of the answer: its status, and the host that the link led to at that time. */
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

  /** The client as its request describes it. {@code address} is an IPv4 or IPv6 literal. */
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
