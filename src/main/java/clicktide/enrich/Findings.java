package clicktide.enrich;

import clicktide.enrich.EnrichedClick.Agent;
import clicktide.enrich.EnrichedClick.Location;

/**
 * The results of the rules for one click. {@code referrer} is the site of the referrer. {@code
 * rules} names the versions of all rules that were applied.
 */
record Findings(BotClass bot, Location location, Agent agent, String referrer, String rules) {
  /** No rule was applied. */
  static final Findings NONE = of(new Agent("", "", "", BotClass.NONE));

  /** No rule was applied to a click that should have values. */
  static final Findings UNPARSED =
      of(new Agent("other", UserAgents.UNPARSED, UserAgents.UNPARSED, BotClass.NONE));

  private static Findings of(Agent agent) {
    return new Findings(BotClass.NONE, Location.UNKNOWN, agent, "", "");
  }

  Traffic traffic() {
    return Traffic.of(bot);
  }
}
