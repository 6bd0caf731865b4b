package clicktide.postgres.query;

import io.vertx.sqlclient.Tuple;

/** A statement with its parameters. */
record SqlStatement(String sql, Tuple parameters) {}
