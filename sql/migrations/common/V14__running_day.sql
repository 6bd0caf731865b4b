-- The running day: its quarters are kept up to date minute by minute, so that no question has to sum a whole day of base rows.

-- Minutes that were written since they were summed. A mark comes with the rows, in their transaction; its version rises with every write,
-- so that summing clears only the mark that it saw.
CREATE TABLE dirty_minute (
  minute timestamptz PRIMARY KEY,
  version bigint NOT NULL DEFAULT 1
);

-- Quarters of links and owners hold every row of a minute before this, unless the minute is dirty, and nothing behind it.
CREATE TABLE quarters_through (
  one boolean PRIMARY KEY DEFAULT true CHECK (one), -- one row
  through timestamptz NOT NULL
);
INSERT INTO quarters_through (through) VALUES (now()); -- closed days are whole; of dirty ones, every quarter is marked:
INSERT INTO dirty_minute (minute) SELECT day + n * interval '15 minutes' FROM dirty_day, generate_series(0, 95) n;

CREATE INDEX click_row_minute ON click_row (minute);
CREATE INDEX link_quarter_owner ON link_quarter (day, owner);
DROP INDEX link_quarter_day;

-- The list with an element instead of the one at a position, or behind all others if there is no position.
CREATE FUNCTION with_element(list anyarray, at int, element anyelement) RETURNS anyarray LANGUAGE sql IMMUTABLE AS
  $$ SELECT CASE WHEN at IS NULL THEN list || element ELSE list[:at - 1] || element || list[at + 1:] END $$;

-- Sums dirty minutes of [since, horizon) into the quarters of their days; whole quarters, up to the horizon, are made again. One transaction: a
-- crash leaves the marks and what they stand for.
CREATE PROCEDURE refresh_minutes(since timestamptz, horizon timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  marked timestamptz[];
  seen bigint[];
  until timestamptz := (SELECT greatest(through, horizon) FROM quarters_through);
  first timestamptz;
  of_day timestamptz;
  number smallint;
BEGIN
  SELECT array_agg(minute), array_agg(version) INTO marked, seen FROM dirty_minute WHERE minute >= since AND minute < until;
  FOR first IN SELECT DISTINCT date_bin('15 minutes', minute, 'epoch') FROM unnest(marked) AS minute LOOP
    of_day := date_trunc('day', first, 'UTC');
    number := extract(epoch FROM first - of_day)::int / 900;
    WITH fresh_link AS MATERIALIZED (
      SELECT link, owner, sum(human)::int AS human, sum(bot)::int AS bot FROM click_row
      WHERE minute >= first AND minute < least(first + interval '15 minutes', until) GROUP BY 1, 2),
    known_link AS (
      UPDATE link_quarter q SET
        quarter = CASE WHEN number = ANY (q.quarter) THEN q.quarter ELSE q.quarter || number END,
        human = with_element(q.human, array_position(q.quarter, number), f.human),
        bot = with_element(q.bot, array_position(q.quarter, number), f.bot)
      FROM fresh_link f WHERE q.day = of_day AND q.link = f.link AND q.owner = f.owner
        AND (f.human, f.bot) IS DISTINCT FROM (q.human[array_position(q.quarter, number)], q.bot[array_position(q.quarter, number)])),
    new_link AS (
      INSERT INTO link_quarter (day, link, owner, quarter, human, bot)
      SELECT of_day, f.link, f.owner, ARRAY[number], ARRAY[f.human], ARRAY[f.bot] FROM fresh_link f
      WHERE NOT EXISTS (SELECT FROM link_quarter q WHERE q.day = of_day AND q.link = f.link AND q.owner = f.owner)),
    fresh_owner AS MATERIALIZED (
      SELECT owner, sum(human)::bigint AS human, sum(bot)::bigint AS bot FROM fresh_link GROUP BY 1),
    known_owner AS (
      UPDATE owner_quarter q SET
        quarter = CASE WHEN number = ANY (q.quarter) THEN q.quarter ELSE q.quarter || number END,
        human = with_element(q.human, array_position(q.quarter, number), f.human),
        bot = with_element(q.bot, array_position(q.quarter, number), f.bot)
      FROM fresh_owner f WHERE q.day = of_day AND q.owner = f.owner
        AND (f.human, f.bot) IS DISTINCT FROM (q.human[array_position(q.quarter, number)], q.bot[array_position(q.quarter, number)]))
    INSERT INTO owner_quarter (day, owner, quarter, human, bot)
    SELECT of_day, f.owner, ARRAY[number], ARRAY[f.human], ARRAY[f.bot] FROM fresh_owner f
    WHERE NOT EXISTS (SELECT FROM owner_quarter q WHERE q.day = of_day AND q.owner = f.owner);
  END LOOP;
  CALL summed(marked, seen, until);
END $$;

-- Takes marks away that nobody renewed, and tells how far quarters reach. What was written since it was summed has a mark, so it may be told at any time.
CREATE PROCEDURE summed(marked timestamptz[], seen bigint[], until timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  WITH free AS ( -- a mark that somebody holds is being renewed
    SELECT d.minute FROM dirty_minute d JOIN unnest(marked, seen) AS m (minute, version) USING (minute, version) FOR UPDATE OF d SKIP LOCKED)
  DELETE FROM dirty_minute d USING free WHERE d.minute = free.minute;
  UPDATE quarters_through SET through = until WHERE through < until;
END $$;

-- Makes the quarters of whole days again.
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

-- What the ledger knows of days before a day. Called with the rows themselves by drop_before of the flavour.
CREATE OR REPLACE PROCEDURE drop_books_before(of_day timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM uncounted WHERE minute < of_day;
  DELETE FROM shed WHERE minute < of_day;
  DELETE FROM correction WHERE minute < of_day;
  DELETE FROM written_day WHERE day < of_day;
  DELETE FROM dirty_minute WHERE minute < of_day;
END $$;
