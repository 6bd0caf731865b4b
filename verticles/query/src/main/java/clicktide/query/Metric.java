package clicktide.query;

/** A quantity of analytics. */
enum Metric {
  CLICKS,
  UNIQUE_VISITORS,
  /** Clicks through the QR code (A6). */
  SCANS
}
