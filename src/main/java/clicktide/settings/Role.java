package clicktide.settings;

/** What a process does. Without being told it does everything. */
public enum Role {
  REDIRECT,
  INGEST,
  MANAGEMENT,
  AGGREGATION,
  QUERY
}
