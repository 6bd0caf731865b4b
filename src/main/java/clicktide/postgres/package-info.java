/** Access to PostgreSQL: connections, migrations and transactions. */
package clicktide.postgres;
