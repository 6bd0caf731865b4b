package clicktide.count;

import clicktide.enrich.Traffic;

/** Counted clicks by traffic class. */
public record HumanBotCount(long human, long bot) {
  public static final HumanBotCount NONE = new HumanBotCount(0, 0);
  private static final HumanBotCount ONE_HUMAN = new HumanBotCount(1, 0);
  private static final HumanBotCount ONE_BOT = new HumanBotCount(0, 1);

  public static HumanBotCount one(Traffic traffic) {
    return switch (traffic) {
      case HUMAN -> ONE_HUMAN;
      case BOT -> ONE_BOT;
    };
  }

  public HumanBotCount plus(HumanBotCount more) {
    return new HumanBotCount(human + more.human, bot + more.bot);
  }

  /** Returns the clicks of one class. */
  public HumanBotCount only(Traffic traffic) {
    return switch (traffic) {
      case HUMAN -> new HumanBotCount(human, 0);
      case BOT -> new HumanBotCount(0, bot);
    };
  }

  public long total() {
    return human + bot;
  }
}
