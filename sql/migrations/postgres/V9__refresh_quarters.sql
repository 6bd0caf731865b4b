-- Makes the days that [f, t) touches again from the base rows. Running it twice changes nothing.
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
