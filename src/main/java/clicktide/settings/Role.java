package clicktide.settings;

/** A role of a process. A process without any role argument has all of them. */
public enum Role {
  REDIRECT,
  INGEST,
  MANAGEMENT,
  AGGREGATION,
  QUERY
}
