-- Sums of quarters of an hour, in one row for each day and link or owner. A row lists the quarters that have clicks, by number: 0 to 95, since a UTC day
-- of 86,400 s has 96 quarters of 900 s. The lists `human` and `bot` hold the sum of each of them at the same position.

-- The sum of a list. The generated columns human_sum and bot_sum of link_quarter use it.
CREATE OR REPLACE FUNCTION sum_of(list int[]) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
  $$ SELECT coalesce(sum(one), 0) FROM unnest(list) AS one $$;

-- A list with the element at this position replaced, or appended if there is no position (null).
CREATE OR REPLACE FUNCTION with_element(list anyarray, at int, element anyelement) RETURNS anyarray LANGUAGE sql IMMUTABLE AS
  $$ SELECT CASE WHEN at IS NULL THEN list || element ELSE list[:at - 1] || element || list[at + 1:] END $$;

-- Sums the dirty minutes of [since, horizon) into the quarters of their days. Minutes that were never summed are added to their quarter: before
-- quarters_through, a quarter has every row of a minute without a mark, and after it none. If an earlier minute of a quarter is dirty, the quarter is made
-- again as a whole, up to the horizon. This is one transaction: a crash leaves the marks and what they stand for.
CREATE OR REPLACE PROCEDURE refresh_minutes(since timestamptz, horizon timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  marked timestamptz[];
  seen bigint[];
  summed_until timestamptz := (SELECT through FROM quarters_through);
  until timestamptz := greatest(summed_until, horizon);
  first timestamptz;
  dirty timestamptz;
  is_whole boolean;
  links bigint[];
  owners bigint[];
  humans bigint[];
  bots bigint[];
BEGIN
  SELECT array_agg(minute), array_agg(version) INTO marked, seen FROM dirty_minute WHERE minute >= since AND minute < until;
  FOR first, dirty IN SELECT date_bin('15 minutes', minute, 'epoch'), min(minute) FROM unnest(marked) AS minute GROUP BY 1 LOOP
    is_whole := dirty < summed_until;
    SELECT array_agg(link), array_agg(owner), array_agg(human), array_agg(bot) INTO links, owners, humans, bots FROM (
      SELECT link, owner, sum(human)::bigint AS human, sum(bot)::bigint AS bot FROM click_row
      WHERE minute >= CASE WHEN is_whole THEN first ELSE greatest(first, summed_until) END
        AND minute < least(first + interval '15 minutes', until) GROUP BY 1, 2) sums;
    CALL put_quarter('link_quarter', first, is_whole, links, owners, humans, bots);
    SELECT array_agg(owner), array_agg(human), array_agg(bot) INTO owners, humans, bots FROM (
      SELECT owner, sum(human)::bigint AS human, sum(bot)::bigint AS bot FROM unnest(owners, humans, bots) AS of_link (owner, human, bot)
      GROUP BY 1) sums;
    CALL put_quarter('owner_quarter', first, is_whole, NULL, owners, humans, bots);
  END LOOP;
  CALL summed(marked, seen, until);
END $$;

-- Puts the sums of the quarter that begins at `first` into the rows of its day: into link_quarter by link and owner, or into owner_quarter by owner
-- (links: null). The sums are those of the whole quarter, or they are added to it. Adds the rows that the day lacks and writes no row whose sums stay the
-- same. The statement is dynamic because it is one for both tables.
CREATE OR REPLACE PROCEDURE put_quarter(
  target regclass, first timestamptz, is_whole boolean, links bigint[], owners bigint[], humans bigint[], bots bigint[]) LANGUAGE plpgsql AS $$
DECLARE
  of_day timestamptz := date_trunc('day', first, 'UTC');
  number smallint := extract(epoch FROM first - of_day)::int / 900;
  key text := CASE WHEN links IS NULL THEN 'owner' ELSE 'link, owner' END;
  number_type regtype := CASE WHEN links IS NULL THEN 'bigint' ELSE 'int' END; -- of the sums in the table
  is_same text := CASE WHEN links IS NULL THEN 'q.owner = f.owner' ELSE 'q.link = f.link AND q.owner = f.owner' END;
  known text := CASE WHEN is_whole THEN '0' ELSE 'coalesce(q.%s[array_position(q.quarter, $2)], 0)' END; -- what a sum is added to
BEGIN
  EXECUTE format($sql$
    WITH fresh AS MATERIALIZED (
      SELECT link, owner, human::%4$s AS human, bot::%4$s AS bot FROM unnest($3, $4, $5, $6) AS sums (link, owner, human, bot)),
    known AS (
      UPDATE %1$s q SET
        quarter = CASE WHEN $2 = ANY (q.quarter) THEN q.quarter ELSE q.quarter || $2 END,
        human = with_element(q.human, array_position(q.quarter, $2), f.human + %5$s),
        bot = with_element(q.bot, array_position(q.quarter, $2), f.bot + %6$s)
      FROM fresh f WHERE q.day = $1 AND %3$s
        AND (f.human + %5$s, f.bot + %6$s) IS DISTINCT FROM (q.human[array_position(q.quarter, $2)], q.bot[array_position(q.quarter, $2)]))
    INSERT INTO %1$s (day, %2$s, quarter, human, bot)
    SELECT $1, %2$s, ARRAY[$2], ARRAY[f.human], ARRAY[f.bot] FROM fresh f
    WHERE NOT EXISTS (SELECT FROM %1$s q WHERE q.day = $1 AND %3$s)$sql$,
    target, key, is_same, number_type, format(known, 'human'), format(known, 'bot'))
  USING of_day, number, links, owners, humans, bots;
END $$;

-- Removes the marks of minutes that no writer has renewed since they were read, and stores how far the quarters reach. A row that was written since it was
-- summed has a mark of its own, so this is right at any time.
CREATE OR REPLACE PROCEDURE summed(marked timestamptz[], seen bigint[], until timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  WITH free AS ( -- a mark that is locked is being renewed
    SELECT d.minute FROM dirty_minute d JOIN unnest(marked, seen) AS m (minute, version) USING (minute, version) FOR UPDATE OF d SKIP LOCKED)
  DELETE FROM dirty_minute d USING free WHERE d.minute = free.minute;
  UPDATE quarters_through SET through = until WHERE through < until;
END $$;

-- Makes the quarters of the whole days of [first, last) again from the base rows.
CREATE OR REPLACE PROCEDURE refresh_quarters(first timestamptz, last timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  marked timestamptz[];
  seen bigint[];
BEGIN
  SELECT array_agg(minute), array_agg(version) INTO marked, seen FROM dirty_minute WHERE minute >= first AND minute < last;
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
  CALL summed(marked, seen, last);
END $$;
