package clicktide.settings;

/**
 * Every setting: its name in the environment, its value when nothing is said, and what it means.
 */
public enum Setting {
  CLICKTIDE_BIND("127.0.0.1", "Address that the three public ports listen on"),
  CLICKTIDE_PORT("8080", "Port of the short links"),
  CLICKTIDE_API_PORT("8081", "Port of the API, the dashboard, the collectors and the WebSocket"),
  CLICKTIDE_MANAGEMENT_PORT("8082", "Port of health and metrics"),
  CLICKTIDE_PUBLIC_URL(
      "", "Begin of short URLs; empty: http://localhost and the port of the links"),
  CLICKTIDE_DATA("data", "Data folder"),
  CLICKTIDE_JOURNAL(
      "/dev/shm",
      "Folder of a file system in memory, where each node keeps the clicks that are under way"),
  CLICKTIDE_JOURNAL_MEGABYTES("48", "Size of all journals of a node, 1 to 4096"),
  CLICKTIDE_SPOOL_MEGABYTES(
      "2048", "Most bytes of clicks on disk while Kafka is away, 1 to 1048576"),
  CLICKTIDE_KAFKA("", "External Kafka, host:port[,host:port]; empty: an embedded one"),
  CLICKTIDE_REDIS("", "External Redis, redis://[:password@]host:port; empty: an embedded one"),
  CLICKTIDE_POSTGRES(
      "",
      "External PostgreSQL or TimescaleDB, postgresql://user:password@host:port/database; empty: an embedded one"),
  CLICKTIDE_ADMIN_KEY(
      "", "Administrator's key, at least 32 characters; empty: made at the first start"),
  CLICKTIDE_PARTITIONS("12", "Partitions of the log, taken at the first start only"),
  CLICKTIDE_REPLICATION("1", "Replicas of the log, taken at the first start only"),
  CLICKTIDE_KEEP_EVENTS_DAYS(
      "7", "Days for which the log keeps raw events, 1 to 3650, taken at the first start only"),
  CLICKTIDE_KEEP_COUNTS_DAYS("730", "Days for which counts are kept, 32 to 36500"),
  CLICKTIDE_EVENT_LOOPS("0", "Event loops that serve links; 0: one for each processor"),
  CLICKTIDE_IDLE_TIMEOUT("30", "Seconds after which a silent connection is closed, 2 to 3600"),
  CLICKTIDE_TRUSTED_PROXIES(
      "", "Networks whose X-Forwarded-For is believed, CIDR, comma-separated"),
  CLICKTIDE_PRIVATE_DESTINATIONS("refuse", "allow: links may lead to private addresses"),
  CLICKTIDE_GEOIP(
      "",
      "GeoIP database in MaxMind's format, may be replaced at any time; empty: countries stay unknown"),
  CLICKTIDE_BOT_PATTERNS(
      "",
      "File of own rules for machines, may be replaced at any time: on each line a class and a network or a regular expression for user agents"),
  CLICKTIDE_CLICKS_A_MINUTE(
      "300",
      "Clicks a minute of one address on one link above which they are a machine's, 0 to 1000000; 0: never"),
  CLICKTIDE_CALLS_A_MINUTE(
      "6000",
      "Calls of the API that an owner's keys may make in a minute, in each process; 0: any number"),
  CLICKTIDE_FLUSH_MILLIS(
      "1000", "How often counted clicks are written to the rollups, 50 to 60000"),
  CLICKTIDE_JAVA_OPTIONS("", "Options for the JVM, read by the launcher");

  private final String otherwise;
  private final String meaning;

  Setting(String otherwise, String meaning) {
    this.otherwise = otherwise;
    this.meaning = meaning;
  }

  public String otherwise() {
    return otherwise;
  }

  public String meaning() {
    return meaning;
  }
}
