-- Rollups on TimescaleDB: hypertables partitioned by date, columnstore for closed days, continuous aggregates.

-- The books: one row per minute, link, combination of dimension values, flush and partition of the log. Only appended, and
-- without a unique key, because an upsert into columnstore decompresses.
CREATE TABLE click_row (
  minute timestamptz NOT NULL,
  link bigint NOT NULL,
  owner bigint NOT NULL,
  human int NOT NULL,
  bot int NOT NULL,
  country int NOT NULL, -- this and the following: dimension_value.id
  region int NOT NULL,
  device int NOT NULL,
  browser int NOT NULL,
  os int NOT NULL,
  referrer int NOT NULL,
  source int NOT NULL,
  medium int NOT NULL,
  campaign int NOT NULL,
  via int NOT NULL,
  traffic int NOT NULL,
  visitors bigint[] NOT NULL -- a hash for each click whose address could be hashed
);
SELECT create_hypertable('click_row', by_range('minute', interval '1 day'), create_default_indexes => false);
CREATE INDEX click_row_link ON click_row (link, minute);
ALTER TABLE click_row SET (timescaledb.enable_columnstore, timescaledb.segmentby = '', timescaledb.orderby = 'link, minute');

-- Only what was refreshed is read (materialized_only), and only days without a dirty mark; the cast keeps sums bigint.
CREATE MATERIALIZED VIEW link_day
  WITH (timescaledb.continuous, timescaledb.materialized_only = true, timescaledb.create_group_indexes = false) AS
  SELECT time_bucket('1 day', minute) AS day, link, owner, sum(human)::bigint AS human, sum(bot)::bigint AS bot
  FROM click_row GROUP BY 1, 2, 3 WITH NO DATA;
CREATE INDEX ON link_day (link, day);
CREATE INDEX ON link_day (owner, day);

CREATE MATERIALIZED VIEW owner_day
  WITH (timescaledb.continuous, timescaledb.materialized_only = true, timescaledb.create_group_indexes = false) AS
  SELECT time_bucket('1 day', day) AS day, owner, sum(human)::bigint AS human, sum(bot)::bigint AS bot
  FROM link_day GROUP BY 1, 2 WITH NO DATA;
CREATE INDEX ON owner_day (owner, day);

-- A hypertable makes its chunks itself.
CREATE PROCEDURE make_room(of_day timestamptz) LANGUAGE plpgsql AS $$
BEGIN
END $$;

-- Makes the days that [f, t) touches again. To be called at top level with autocommit: refreshing commits by itself, so
-- this procedure must not have SET, SECURITY DEFINER or EXCEPTION. Parent before child, or the child sees nothing.
CREATE PROCEDURE refresh_rollups(f timestamptz, t timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz := time_bucket('1 day', f);
  last timestamptz := time_bucket('1 day', t - interval '1 microsecond') + interval '24 hours';
BEGIN
  CALL refresh_continuous_aggregate('link_day', first, last);
  CALL refresh_continuous_aggregate('owner_day', first, last);
END $$;

-- Turns a closed day into columnstore; rows that came late are compressed with the next call.
CREATE PROCEDURE close_day(of_day timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  chunk regclass;
BEGIN
  FOR chunk IN SELECT show_chunks('click_row', newer_than => time_bucket('1 day', of_day), older_than => time_bucket('1 day', of_day) + interval '24 hours') LOOP
    CALL convert_to_columnstore(chunk, if_not_columnstore => true, recompress => true);
  END LOOP;
END $$;

INSERT INTO flavour (name) VALUES ('timescale');
