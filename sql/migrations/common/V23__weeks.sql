-- Weeks of links, so that a leaderboard of a month or a year does not have to sum a row for every link and day. A week begins on Monday, 00:00 UTC.
CREATE TABLE link_week (
  week timestamptz NOT NULL,
  link bigint NOT NULL,
  owner bigint NOT NULL,
  human bigint NOT NULL,
  bot bigint NOT NULL
);
CREATE INDEX link_week_owner ON link_week (week, owner);

-- Which days of a week its rows hold, from its begin on, and what the versions of these days added up to.
CREATE TABLE summed_week (
  week timestamptz PRIMARY KEY,
  through timestamptz NOT NULL, -- not this day any more
  version bigint NOT NULL
);

-- The begin of the week in which something happened.
CREATE FUNCTION week_of(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT date_bin('168 hours', at, '1970-01-05 00:00:00Z') $$;

-- Weeks whose rows hold every row of these days. Versions only rise, so one sum is one state.
CREATE VIEW whole_week AS
  SELECT week, through FROM summed_week s
  WHERE version = (SELECT sum(d.version) FROM written_day d WHERE d.day >= s.week AND d.day < s.through);

-- Sums weeks that begin at oldest or later, the running one too, as far as horizon, once all these days are clean. Only for who refreshes days, since it
-- takes what days hold for what was marked. To be called at top level with autocommit: each week is a transaction of its own.
CREATE PROCEDURE sum_weeks(oldest timestamptz, horizon timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT week, through, version FROM (
      SELECT week_of(day) AS week, least(week_of(day) + interval '168 hours', horizon) AS through, sum(version)::bigint AS version
      FROM written_day WHERE day < horizon AND week_of(day) >= oldest
      GROUP BY 1, 2 HAVING bool_and(refreshed = version)) clean
    WHERE NOT EXISTS (SELECT FROM summed_week s WHERE (s.week, s.through, s.version) = (clean.week, clean.through, clean.version))
    ORDER BY 1 DESC
  LOOP
    DELETE FROM link_week WHERE week = one.week;
    INSERT INTO link_week (week, link, owner, human, bot)
      SELECT one.week, link, owner, sum(human), sum(bot) FROM link_day
      WHERE day >= one.week AND day < one.through GROUP BY link, owner
      ORDER BY owner, link; -- what is read together lies together
    INSERT INTO summed_week (week, through, version) VALUES (one.week, one.through, one.version)
      ON CONFLICT (week) DO UPDATE SET through = excluded.through, version = excluded.version;
    COMMIT;
  END LOOP;
END $$;

-- What the ledger knows of days before a day, and the weeks they are in. Called with the rows themselves by drop_before of the flavour.
CREATE OR REPLACE PROCEDURE drop_books_before(of_day timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM uncounted WHERE minute < of_day;
  DELETE FROM shed WHERE minute < of_day;
  DELETE FROM correction WHERE minute < of_day;
  DELETE FROM written_day WHERE day < of_day;
  DELETE FROM dirty_minute WHERE minute < of_day;
  DELETE FROM link_week WHERE week < of_day;
  DELETE FROM summed_week WHERE week < of_day;
END $$;

GRANT SELECT ON link_week, whole_week TO clicktide_query;
