-- Rollups on plain PostgreSQL: native partitions and materialised tables, with the names and columns that TimescaleDB has.

-- The books: one row per minute, link, combination of dimension values, flush and partition of the log. Only appended.
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
) PARTITION BY RANGE (minute);
CREATE INDEX click_row_link ON click_row (link, minute);
CREATE TABLE click_row_rest PARTITION OF click_row DEFAULT; -- a day that has no partition yet loses nothing

CREATE TABLE link_day (
  day timestamptz NOT NULL, -- 00:00 UTC
  link bigint NOT NULL,
  owner bigint NOT NULL,
  human bigint NOT NULL,
  bot bigint NOT NULL,
  PRIMARY KEY (link, day, owner)
);
CREATE INDEX link_day_owner ON link_day (owner, day);
CREATE INDEX link_day_day ON link_day (day);

CREATE TABLE owner_day (
  day timestamptz NOT NULL,
  owner bigint NOT NULL,
  human bigint NOT NULL,
  bot bigint NOT NULL,
  PRIMARY KEY (owner, day)
);
CREATE INDEX owner_day_day ON owner_day (day);

-- Makes room for the rows of a day. Called before a row is written, outside the writer's transaction.
CREATE PROCEDURE make_room(of_day timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz := date_trunc('day', of_day, 'UTC');
  name text := 'click_row_' || to_char(first AT TIME ZONE 'UTC', 'YYYYMMDD');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('clicktide.make_room'));
  IF to_regclass(name) IS NULL THEN
    EXECUTE format('CREATE TABLE %I PARTITION OF click_row FOR VALUES FROM (%L) TO (%L)', name, first, first + interval '24 hours');
  END IF;
END $$;

-- Makes the days that [f, t) touches again from the base rows. Running it twice changes nothing.
CREATE PROCEDURE refresh_rollups(f timestamptz, t timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz := date_trunc('day', f, 'UTC');
  last timestamptz := date_trunc('day', t - interval '1 microsecond', 'UTC') + interval '24 hours';
BEGIN
  DELETE FROM link_day WHERE day >= first AND day < last;
  INSERT INTO link_day (day, link, owner, human, bot)
    SELECT date_trunc('day', minute, 'UTC'), link, owner, sum(human), sum(bot) FROM click_row
    WHERE minute >= first AND minute < last GROUP BY 1, 2, 3;
  DELETE FROM owner_day WHERE day >= first AND day < last;
  INSERT INTO owner_day (day, owner, human, bot)
    SELECT day, owner, sum(human), sum(bot) FROM link_day WHERE day >= first AND day < last GROUP BY 1, 2;
END $$;

-- Nothing to do once a day is closed: plain PostgreSQL has no columnstore.
CREATE PROCEDURE close_day(of_day timestamptz) LANGUAGE plpgsql AS $$
BEGIN
END $$;

INSERT INTO flavour (name) VALUES ('postgres');
