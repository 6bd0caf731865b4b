/** The query role: analytics, leaderboards, the ledger, live counts and the dashboard. */
package clicktide.query;
