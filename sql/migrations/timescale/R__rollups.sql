-- Procedures of the flavour for TimescaleDB: base rows have a chunk for each UTC day, sums of days are continuous aggregates.

-- Does nothing: a hypertable makes its chunks itself.
CREATE OR REPLACE PROCEDURE make_room(of_day timestamptz) LANGUAGE plpgsql AS $$
BEGIN
END $$;

-- Makes the sums of every day that [f, t) touches again from the base rows. Call this at top level with autocommit: to refresh an aggregate commits, so this
-- procedure must not have SET, SECURITY DEFINER or EXCEPTION. The aggregate of links comes first, because the one of owners reads it.
CREATE OR REPLACE PROCEDURE refresh_rollups(f timestamptz, t timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz := time_bucket('1 day', f);
  last timestamptz := time_bucket('1 day', t - interval '1 microsecond') + interval '24 hours';
BEGIN
  CALL refresh_continuous_aggregate('link_day', first, last);
  CALL refresh_continuous_aggregate('owner_day', first, last);
  CALL refresh_quarters(first, last);
END $$;

-- Turns the chunk of a closed day into columnstore. A later call compresses the rows that have come since.
CREATE OR REPLACE PROCEDURE close_day(of_day timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  chunk regclass;
BEGIN
  FOR chunk IN SELECT show_chunks('click_row', newer_than => time_bucket('1 day', of_day), older_than => time_bucket('1 day', of_day) + interval '24 hours') LOOP
    CALL convert_to_columnstore(chunk, if_not_columnstore => true, recompress => true);
  END LOOP;
END $$;

-- Drops the base rows of all days before a day, and the sums made from them as soon as a whole chunk of them is that old. The aggregates are never refreshed
-- there again: a refresh would make sums of the rows that are left.
CREATE OR REPLACE PROCEDURE drop_before(of_day timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM drop_chunks('click_row', older_than => of_day);
  PERFORM drop_chunks('link_day', older_than => of_day);
  PERFORM drop_chunks('owner_day', older_than => of_day);
  PERFORM drop_chunks('link_quarter', older_than => of_day);
  PERFORM drop_chunks('owner_quarter', older_than => of_day);
  CALL drop_books_before(of_day);
END $$;
