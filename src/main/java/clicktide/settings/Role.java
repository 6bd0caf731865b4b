package clicktide.settings;

/**
 * A role of a process, with the stores that it needs besides PostgreSQL. A process without any role
 * argument has all of them.
 */
public enum Role {
  REDIRECT(true, false),
  INGEST(true, false),
  MANAGEMENT(false, false),
  AGGREGATION(true, true),
  QUERY(false, true);

  private final boolean needsKafka;
  private final boolean needsRedis;

  Role(boolean needsKafka, boolean needsRedis) {
    this.needsKafka = needsKafka;
    this.needsRedis = needsRedis;
  }

  public boolean needsKafka() {
    return needsKafka;
  }

  public boolean needsRedis() {
    return needsRedis;
  }
}
