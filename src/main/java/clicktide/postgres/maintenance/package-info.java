/** Background work on the rollups: aggregates, retention, visitor keys, outbox. */
package clicktide.postgres.maintenance;
