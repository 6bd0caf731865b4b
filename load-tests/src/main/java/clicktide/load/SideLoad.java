package clicktide.load;

/** A smaller load beside the redirects of a scenario, from its creation on. */
interface SideLoad {
  /** Stops it, and waits for its last answers. */
  void end() throws Exception;

  /** Adds its figures to the report. It has ended by then. */
  void describe(HtmlReport report);
}
