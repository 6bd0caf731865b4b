package clicktide.enrich;

import java.util.Locale;

/**
 * Which machine made a click, as far as one can tell (C7). Such clicks are kept and counted apart.
 */
public enum BotClass {
  /** People, as far as one can tell. */
  NONE,
  /** Reads the web for an index or a model. */
  CRAWLER,
  /** Fetches a page to show a preview of it in a chat or a post. */
  PREVIEW,
  /** Watches whether a page is there. */
  MONITOR,
  /** A program or a headless browser. */
  LIBRARY,
  /** A browser that fetches what nobody has clicked yet. */
  PREFETCH,
  /** A HEAD request. */
  HEAD,
  /** Clicks more often than people do; found out later, by a verdict. */
  RATE;

  /** The value in the API, empty for people. */
  public String key() {
    return this == NONE ? "" : name().toLowerCase(Locale.ROOT);
  }
}
