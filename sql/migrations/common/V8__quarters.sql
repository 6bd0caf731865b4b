-- Quarters of an hour per link and day, and per owner and day, so that hours and local days of every zone are sums of few rows:
-- one row a day, which names the quarters (0 to 95 of the UTC day) that have clicks.
CREATE TABLE link_quarter (
  day timestamptz NOT NULL, -- 00:00 UTC
  link bigint NOT NULL,
  owner bigint NOT NULL,
  quarter smallint[] NOT NULL, -- and for each of them:
  human int[] NOT NULL,
  bot int[] NOT NULL
);
CREATE INDEX link_quarter_link ON link_quarter (link, day);
CREATE INDEX link_quarter_day ON link_quarter (day);

CREATE TABLE owner_quarter (
  day timestamptz NOT NULL,
  owner bigint NOT NULL,
  quarter smallint[] NOT NULL,
  human bigint[] NOT NULL,
  bot bigint[] NOT NULL
);
CREATE INDEX owner_quarter_owner ON owner_quarter (owner, day);
CREATE INDEX owner_quarter_day ON owner_quarter (day);

-- Makes the quarters of whole days again.
CREATE PROCEDURE refresh_quarters(first timestamptz, last timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM link_quarter WHERE day >= first AND day < last;
  INSERT INTO link_quarter (day, link, owner, quarter, human, bot)
    SELECT day, link, owner, array_agg(quarter ORDER BY quarter), array_agg(human ORDER BY quarter), array_agg(bot ORDER BY quarter)
    FROM (
      SELECT date_trunc('day', minute, 'UTC') AS day, link, owner, sum(human)::int AS human, sum(bot)::int AS bot,
        (extract(epoch FROM minute)::bigint % 86400 / 900)::smallint AS quarter
      FROM click_row WHERE minute >= first AND minute < last GROUP BY 1, 2, 3, quarter) quarters
    GROUP BY day, link, owner;
  DELETE FROM owner_quarter WHERE day >= first AND day < last;
  INSERT INTO owner_quarter (day, owner, quarter, human, bot)
    SELECT day, owner, array_agg(quarter ORDER BY quarter), array_agg(human ORDER BY quarter), array_agg(bot ORDER BY quarter)
    FROM (
      SELECT l.day, l.owner, u.quarter, sum(u.human)::bigint AS human, sum(u.bot)::bigint AS bot
      FROM link_quarter l, unnest(l.quarter, l.human, l.bot) AS u (quarter, human, bot)
      WHERE l.day >= first AND l.day < last GROUP BY 1, 2, 3) quarters
    GROUP BY day, owner;
END $$;

-- Days that were refreshed before there were quarters.
INSERT INTO written_day (day) SELECT DISTINCT day FROM link_day
  ON CONFLICT (day) DO UPDATE SET version = written_day.version + 1;
