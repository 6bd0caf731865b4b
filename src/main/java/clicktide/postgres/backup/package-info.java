/** Backups of everything that the product stores in PostgreSQL, and their restore. */
package clicktide.postgres.backup;
