-- Procedures of the flavour for plain PostgreSQL: base rows have a native partition for each UTC day.

-- Creates the partition of a day. Called before a row is written, outside the transaction of the writer.
CREATE OR REPLACE PROCEDURE make_room(of_day timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz := date_trunc('day', of_day, 'UTC');
  name text := 'click_row_' || to_char(first AT TIME ZONE 'UTC', 'YYYYMMDD');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('clicktide.make_room'));
  IF to_regclass(name) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF click_row FOR VALUES FROM (%L) TO (%L)', name, first, first + interval '24 hours');
  END IF;
END $$;

-- Makes the sums of every day that [f, t) touches again from the base rows. A second call changes nothing.
CREATE OR REPLACE PROCEDURE refresh_rollups(f timestamptz, t timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz := date_trunc('day', f, 'UTC');
  last timestamptz := date_trunc('day', t - interval '1 microsecond', 'UTC') + interval '24 hours';
BEGIN
  CALL refresh_quarters(first, last);
  DELETE FROM link_day WHERE day >= first AND day < last;
  INSERT INTO link_day (day, link, owner, human, bot)
    SELECT day, link, owner, (SELECT sum(n) FROM unnest(human) n), (SELECT sum(n) FROM unnest(bot) n)
    FROM link_quarter WHERE day >= first AND day < last;
  DELETE FROM owner_day WHERE day >= first AND day < last;
  INSERT INTO owner_day (day, owner, human, bot)
    SELECT day, owner, sum(human), sum(bot) FROM link_day WHERE day >= first AND day < last GROUP BY 1, 2;
END $$;

-- Does nothing when a day is closed: plain PostgreSQL has no columnstore.
CREATE OR REPLACE PROCEDURE close_day(of_day timestamptz) LANGUAGE plpgsql AS $$
BEGIN
END $$;

-- Drops the base rows of all days before a day, and the sums made from them. Call this at top level with autocommit: to drop a partition locks the whole
-- table, so each is a transaction of its own, which gives up after 2 s instead of letting writers wait.
CREATE OR REPLACE PROCEDURE drop_before(of_day timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  old text;
BEGIN
  DELETE FROM click_row_rest WHERE minute < of_day;
  DELETE FROM link_day WHERE day < of_day;
  DELETE FROM owner_day WHERE day < of_day;
  DELETE FROM link_quarter WHERE day < of_day;
  DELETE FROM owner_quarter WHERE day < of_day;
  CALL drop_books_before(of_day);
  COMMIT;
  FOR old IN
    SELECT relname FROM pg_class JOIN pg_inherits ON inhrelid = oid
    WHERE inhparent = 'click_row'::regclass AND relname ~ '^click_row_[0-9]{8}$'
      AND relname < 'click_row_' || to_char(of_day AT TIME ZONE 'UTC', 'YYYYMMDD')
  LOOP
    SET LOCAL lock_timeout = '2s';
    EXECUTE format('DROP TABLE %I', old);
    COMMIT;
  END LOOP;
END $$;
