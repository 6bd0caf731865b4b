-- The begin of the week in which a time lies. Weeks have 168 hours and begin on Monday, 00:00 UTC, as 1970-01-05 did.
CREATE OR REPLACE FUNCTION week_of(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT date_bin('168 hours', at, '1970-01-05 00:00:00Z') $$;

-- Sums the weeks that begin at `oldest` or later from their days, the running week up to `horizon`, once all these days are clean. Only the process that
-- refreshes days may call this, because a day must not change meanwhile. Each week is a transaction of its own, so call this at top level with autocommit.
CREATE OR REPLACE PROCEDURE sum_weeks(oldest timestamptz, horizon timestamptz) LANGUAGE plpgsql AS $$
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
      ORDER BY owner, link; -- rows that are read together lie together
    INSERT INTO summed_week (week, through, version) VALUES (one.week, one.through, one.version)
      ON CONFLICT (week) DO UPDATE SET through = excluded.through, version = excluded.version;
    COMMIT;
  END LOOP;
END $$;
