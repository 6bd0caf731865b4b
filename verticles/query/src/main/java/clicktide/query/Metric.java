package clicktide.query;

/** What can be counted. */
enum Metric {
  CLICKS,
  UNIQUE_VISITORS,
  /** Clicks that came by the QR code (A6). */
  SCANS
}
