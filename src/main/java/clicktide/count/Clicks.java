package clicktide.count;

import clicktide.enrich.Traffic;

/** Counted clicks, people and machines apart. */
public record Clicks(long human, long bot) {
  public static final Clicks NONE = new Clicks(0, 0);

  public static Clicks one(Traffic traffic) {
    return switch (traffic) {
      case HUMAN -> new Clicks(1, 0);
      case BOT -> new Clicks(0, 1);
    };
  }

  public Clicks plus(Clicks more) {
    return new Clicks(human + more.human, bot + more.bot);
  }

  /** Those of one kind. */
  public Clicks only(Traffic traffic) {
    return switch (traffic) {
      case HUMAN -> new Clicks(human, 0);
      case BOT -> new Clicks(0, bot);
    };
  }

  public long total() {
    return human + bot;
  }
}
