package clicktide.enrich;

import java.util.Locale;

/**
 * The class of bot that made a click, by the enrichment rules (C7). Bots are counted separately.
 */
public enum BotClass {
  /** A human, by the enrichment rules. */
  NONE,
  /** A reader of the web for an index or a model. */
  CRAWLER,
  /** A fetcher of previews for a chat or a post. */
  PREVIEW,
  /** A monitor of pages. */
  MONITOR,
  /** A program or a headless browser. */
  LIBRARY,
  /** A browser that fetches a page before a click. */
  PREFETCH,
  /** A HEAD request. */
  HEAD,
  /** An address with too many clicks per minute, found later by a verdict. */
  RATE;

  /** Returns the value in the API, empty for humans. */
  public String key() {
    return this == NONE ? "" : name().toLowerCase(Locale.ROOT);
  }
}
