package clicktide.enrich;

import java.util.Locale;

/** The class of traffic: human, or bot with HEAD requests, prefetches and known bots. */
public enum Traffic {
  HUMAN,
  BOT;

  static Traffic of(BotClass bot) {
    return bot == BotClass.NONE ? HUMAN : BOT;
  }

  /** Returns the value in the API. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
