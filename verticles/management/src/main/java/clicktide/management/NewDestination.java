package clicktide.management;

import clicktide.http.Fields;
import clicktide.link.CampaignParameters;
import clicktide.link.Destination;
import clicktide.link.Destination.Check;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads destinations. */
final class NewDestination {
  private static final int LONGEST_URL = 4_096; // the check reports a URL that is too long
  private static final int LONGEST_WORD = 128; // of a campaign, as the redirect keeps it

  private NewDestination() {}

  /** Reads the destination of a link, with the parameters of the campaign in its query. */
  static String of(Fields fields, String old, Destination destinations) {
    if (fields.isAbsent("destination") && (old.isEmpty() || fields.has("destination"))) {
      fields.fault("destination", "missing_field", "`destination` is required.");
    }
    var given = fields.text("destination", LONGEST_URL);
    var campaign = campaign(fields);
    if (given.isEmpty() && campaign.isEmpty()) {
      return old;
    }
    var base = given.orElse(old);
    var text = campaign.isEmpty() ? base : CampaignParameters.with(base, campaign);
    return accepted(fields, "destination", text, destinations).orElse(old);
  }

  /** Reads the destination of a domain's page. Empty stands for a page without a destination. */
  static Optional<String> target(Fields fields, String name, Destination destinations) {
    return fields
        .text(name, LONGEST_URL)
        .flatMap(text -> accepted(fields, name, text, destinations));
  }

  private static Optional<String> accepted(
      Fields fields, String name, String text, Destination destinations) {
    return switch (destinations.check(text)) {
      case Check.Safe(String url) -> Optional.of(url);
      case Check.Unsafe(String code, String sentence) -> {
        fields.fault(name, code, sentence.formatted(name));
        yield Optional.empty();
      }
    };
  }

  private static Map<String, String> campaign(Fields fields) {
    var values = new HashMap<String, String>();
    fields
        .object("campaign")
        .ifPresent(
            campaign -> {
              for (var name : CampaignParameters.NAMES) {
                if (campaign.has(name)) {
                  values.put(name, campaign.text(name, LONGEST_WORD).orElse(""));
                }
              }
              campaign.refuseOthers();
            });
    return values;
  }
}
