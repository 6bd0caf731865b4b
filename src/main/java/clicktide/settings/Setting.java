package clicktide.settings;

/** Every setting: its name in the environment, its default, its meaning and its values. */
public enum Setting {
  CLICKTIDE_NAME(
      "",
      "Name of the deployment. With a name, several deployments can share Kafka and Redis.",
      "1 to 40 lower-case letters, digits and hyphens"),
  CLICKTIDE_BIND("127.0.0.1", "Address of the link port.", "IP address, default `127.0.0.1`"),
  CLICKTIDE_API_BIND("", "Address of the API port. Unset, that of the link port.", "IP address"),
  CLICKTIDE_MANAGEMENT_BIND(
      "127.0.0.1", "Address of the management port.", "IP address, default `127.0.0.1`"),
  CLICKTIDE_PORT("8080", "Port of the short links.", "Port, 1 to 65,535, default `8080`"),
  CLICKTIDE_API_PORT(
      "8081",
      "Port of the API, the dashboard, the collectors and the WebSocket.",
      "Port, 1 to 65,535, default `8081`"),
  CLICKTIDE_MANAGEMENT_PORT(
      "8082", "Port of the health checks and the metrics.", "Port, 1 to 65,535, default `8082`"),
  CLICKTIDE_PUBLIC_URL(
      "",
      "Prefix of short URLs. Unset, it is `http://localhost` with the link port.",
      "URL, http or https"),
  CLICKTIDE_DATA("data", "Data folder of the node.", "Path, default `data`"),
  CLICKTIDE_JOURNAL(
      "/dev/shm",
      "Folder of an in-memory file system for the journals of the node.",
      "Path, default `/dev/shm`"),
  CLICKTIDE_JOURNAL_MEGABYTES(
      "48", "Size of all journals of a node together.", "MB, 1 to 4,096, default `48`"),
  CLICKTIDE_SPOOL_MEGABYTES(
      "2048",
      "Maximum size of the spool while Kafka is unavailable.",
      "MB, 1 to 1,048,576, default `2048`"),
  CLICKTIDE_KAFKA(
      "", "External Kafka. Unset, an embedded Kafka is started.", "`host:port`, comma-separated"),
  CLICKTIDE_KAFKA_SECURITY(
      "PLAINTEXT",
      "Encryption and login of the external Kafka, as in Kafka's `security.protocol`.",
      "`PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`, default `PLAINTEXT`"),
  CLICKTIDE_KAFKA_SASL_MECHANISM(
      "SCRAM-SHA-512",
      "Mechanism of the login to Kafka.",
      "`PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`, default `SCRAM-SHA-512`"),
  CLICKTIDE_KAFKA_USER("", "User of the login to Kafka. SASL requires it.", "Text"),
  CLICKTIDE_KAFKA_PASSWORD("", "Password of the login to Kafka. SASL requires it.", "Text"),
  CLICKTIDE_KAFKA_CA(
      "",
      "Certificate authorities of Kafka. Unset, those of the JDK are trusted.",
      "Path of a PEM file"),
  CLICKTIDE_REDIS(
      "",
      "External Redis. Unset, an embedded Redis is started.",
      "`redis://[:password@]host:port`, or `rediss` with TLS, parameters below the table"),
  CLICKTIDE_REDIS_PASSWORD("", "Password of Redis, if the address has none.", "Text"),
  CLICKTIDE_REDIS_CA(
      "",
      "Certificate authorities of Redis. Unset, those of the JDK are trusted.",
      "Path of a PEM file"),
  CLICKTIDE_POSTGRES(
      "",
      "External PostgreSQL or TimescaleDB. Unset, an embedded PostgreSQL is started.",
      "`postgresql://user[:password]@host:port/database`, parameters below the table"),
  CLICKTIDE_POSTGRES_PASSWORD("", "Password of PostgreSQL, if the address has none.", "Text"),
  CLICKTIDE_MIGRATE(
      "",
      "Migration of the tables at the start, or waiting for it. Unset, the role decides, see below.",
      "`true` or `false`"),
  CLICKTIDE_ADMIN_KEY(
      "",
      "Administrator's key. Unset, the first start makes one and stores it in the data folder.",
      "Text, at least 32 characters"),
  CLICKTIDE_PARTITIONS(
      "12",
      "Partitions of the `events` topic. Read at the first start only.",
      "Partitions, 1 to 1,024, default `12`"),
  CLICKTIDE_REPLICATION(
      "1",
      "Replicas of each partition of the topics. Read at the first start only.",
      "Replicas, 1 to 16, default `1`"),
  CLICKTIDE_KEEP_EVENTS_DAYS(
      "7",
      "Retention of raw events in Kafka. Read at the first start only.",
      "Days, 1 to 3,650, default `7`"),
  CLICKTIDE_KEEP_COUNTS_DAYS("730", "Retention of counts.", "Days, 32 to 36,500, default `730`"),
  CLICKTIDE_EVENT_LOOPS(
      "0",
      "Event loops that serve short links. 0 starts one per processor.",
      "Event loops, 0 to 256, default `0`"),
  CLICKTIDE_IDLE_TIMEOUT(
      "30", "Time after which an idle connection is closed.", "Seconds, 2 to 3,600, default `30`"),
  CLICKTIDE_DRAIN_SECONDS(
      "",
      "Time in which a stopping process still serves, while `/health/ready` is 503.",
      "Seconds, 0 to 300. Unset, `5` with an external server, else `0`"),
  CLICKTIDE_TRUSTED_PROXIES(
      "",
      "Reverse proxies. Their `X-Forwarded-For` is trusted, and no limit of connections per address applies.",
      "CIDR, comma-separated"),
  CLICKTIDE_PRIVATE_DESTINATIONS(
      "refuse",
      "`allow` accepts links to private addresses.",
      "`refuse` or `allow`, default `refuse`"),
  CLICKTIDE_GEOIP(
      "",
      "GeoIP database. The file may be replaced at run time. Unset, countries are unknown.",
      "Path of a MaxMind DB file"),
  CLICKTIDE_BOT_PATTERNS(
      "",
      "The operator's bot rules. The file may be replaced at run time.",
      "Path, format below the table"),
  CLICKTIDE_CLICKS_A_MINUTE(
      "300",
      "Maximum clicks from one address on one link. Clicks above it count as bot traffic.",
      "Clicks per minute, 0 to 1,000,000, default `300`; 0 disables"),
  CLICKTIDE_CALLS_A_MINUTE(
      "6000",
      "Maximum API calls of one owner, or of one network without a key, in all processes.",
      "Calls per minute, 0 to 1,000,000,000, default `6000`; 0 disables"),
  CLICKTIDE_EVENTS_A_MINUTE(
      "600000",
      "Maximum collected events with the keys of one owner, in all processes.",
      "Events per minute, 0 to 1,000,000,000, default `600000`; 0 disables"),
  CLICKTIDE_LINKS_PER_OWNER(
      "100000",
      "Maximum links of one owner, deleted ones included.",
      "Links, 0 to 1,000,000,000, default `100000`; 0 disables"),
  CLICKTIDE_FLUSH_MILLIS(
      "1000",
      "Interval between two writes of the rollup sink.",
      "Milliseconds, 50 to 60,000, default `1000`"),
  CLICKTIDE_JAVA_OPTIONS("", "Options for the JVM. The launcher and the image read them.", "Text");

  private final String otherwise;
  private final String meaning;
  private final String range;

  Setting(String otherwise, String meaning, String range) {
    this.otherwise = otherwise;
    this.meaning = meaning;
    this.range = range;
  }

  /** The default; empty if the setting may stay unset. */
  public String otherwise() {
    return otherwise;
  }

  /** The meaning, as docs/settings.md has it. */
  public String meaning() {
    return meaning;
  }

  /** The unit, the range and the default, as docs/settings.md has them. */
  public String range() {
    return range;
  }
}
