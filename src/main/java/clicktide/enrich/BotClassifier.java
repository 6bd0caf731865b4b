package clicktide.enrich;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Own rules for bots: the class of a bot, and bots that yauaa takes for browsers. */
final class BotClassifier {
  /** The first class with a mark in the user agent wins. */
  private static final Map<BotClass, List<String>> MARKS =
      new EnumMap<>(
          Map.of(
              BotClass.PREVIEW,
              List.of(
                  "preview",
                  "whatsapp/",
                  "facebookexternalhit",
                  "slackbot",
                  "telegram",
                  "twitterbot",
                  "discordbot",
                  "linkedinbot",
                  "embedly",
                  "iframely"),
              BotClass.MONITOR,
              List.of("monitor", "uptime", "pingdom", "lighthouse", "statuscake", "site24x7"),
              BotClass.LIBRARY,
              List.of(
                  "headlesschrome",
                  "curl/",
                  "wget/",
                  "python",
                  "java/",
                  "okhttp",
                  "go-http-client",
                  "axios/",
                  "libwww",
                  "httpclient",
                  "scrapy")));

  private static final List<String> CRAWLERS = List.of("bot", "crawl", "spider");

  private BotClassifier() {}

  /** Returns the class of a user agent; {@code isRobot} is the verdict of yauaa. */
  static BotClass of(String userAgent, boolean isRobot) {
    var lower = userAgent.toLowerCase(Locale.ROOT).replace("cubot", ""); // a brand of phones
    for (var marks : MARKS.entrySet()) {
      if (containsOne(lower, marks.getValue())) {
        return marks.getKey();
      }
    }
    return isRobot || containsOne(lower, CRAWLERS) ? BotClass.CRAWLER : BotClass.NONE;
  }

  private static boolean containsOne(String text, List<String> marks) {
    for (var mark : marks) {
      if (text.contains(mark)) {
        return true;
      }
    }
    return false;
  }
}
