/** Links, domains, owners, keys, public statistics and the audit log in PostgreSQL. */
package clicktide.postgres.control;
