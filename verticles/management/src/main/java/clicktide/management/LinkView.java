package clicktide.management;

import clicktide.link.CampaignParameters;
import clicktide.link.Code;
import clicktide.link.DomainName;
import clicktide.link.Link;
import clicktide.store.Links.Opening;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A link as the API shows it, without its empty fields. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record LinkView(
    String code,
    String domain,
    String shortUrl,
    String destination,
    String ownerId,
    int redirectStatus,
    boolean enabled,
    String state,
    String tracking,
    boolean forwardQuery,
    String title,
    List<String> tags,
    String externalId,
    Map<String, String> campaign,
    Long clickLimit,
    String startsAt,
    String expiresAt,
    Imported imported,
    String createdAt,
    String updatedAt,
    int version) {

  /** The count that another shortener had of the link. It is in no other number. */
  record Imported(long clicks, String source) {
    private static Imported of(Opening opening) {
      return new Imported(opening.clicks(), opening.source());
    }
  }

  static LinkView of(Link link, Optional<Opening> opening, URI publicUrl, Instant now) {
    var rules = link.rules();
    var notes = link.notes();
    return new LinkView(
        link.code(),
        Code.domain(link.code()).orElse(null),
        DomainName.shortUrl(publicUrl, link.code()),
        rules.destination(),
        link.owner().toString(),
        rules.status(),
        rules.state() != Link.State.DISABLED,
        state(link, now),
        rules.tracking().name().toLowerCase(Locale.ROOT),
        rules.forwardsQuery(),
        notes.title().orElse(null),
        notes.tags(),
        notes.externalId().orElse(null),
        CampaignParameters.of(rules.destination()),
        notes.clickLimit().orElse(null),
        rules.startsAt().map(Instant::toString).orElse(null),
        rules.expiresAt().map(Instant::toString).orElse(null),
        opening.map(Imported::of).orElse(null),
        link.createdAt().toString(),
        link.updatedAt().toString(),
        link.version());
  }

  private static String state(Link link, Instant now) {
    if (link.rules().state() != Link.State.ACTIVE) {
      return link.rules().state().name().toLowerCase(Locale.ROOT);
    }
    return switch (link.answerAt(now)) {
      case REDIRECT -> "active";
      case NOT_YET -> "scheduled";
      case GONE -> "expired";
    };
  }

  /**
   * Returns an entity tag of the link, its version and its state. Time alone can change the state.
   */
  static String etag(Link link, Instant now) {
    return "\"%s-%d-%s\"".formatted(Long.toString(link.id(), 36), link.version(), state(link, now));
  }
}
