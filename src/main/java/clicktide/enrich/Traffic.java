package clicktide.enrich;

/** People, or machines: HEAD requests, prefetches and known robots. Together they are the total. */
public enum Traffic {
  HUMAN,
  BOT
}
