/** The rollup sink: base rows, ledger, fences and deduplication in one transaction. */
package clicktide.postgres.sink;
