package clicktide.enrich;

/** The class of traffic: human, or bot with HEAD requests, prefetches and known bots. */
public enum Traffic {
  HUMAN,
  BOT
}
