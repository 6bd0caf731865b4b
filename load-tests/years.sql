-- Two years of history for a product that was started once and stopped: 2 million links, 20 million base rows.
--   psql "$CLICKTIDE_POSTGRES" -f load-tests/years.sql
-- To the owner "me" belong y1 (the busiest, 55,000 rows a day for 90 days), y2 to y51 (48 rows a day for two years) and y52 to
-- y5051 (two rows a day for 30 days); the rest is a long tail of 20,000 owners. The product then refreshes 730 dirty days.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SELECT setseed(0.11);

INSERT INTO owner (id, name) SELECT n, 'owner ' || n FROM generate_series(1, 20000) n ON CONFLICT DO NOTHING;
ALTER TABLE link DISABLE TRIGGER audit; -- nobody did it
INSERT INTO link (code, owner, destination, status, created_at)
  SELECT 'y' || n, CASE WHEN n <= 5051 THEN (SELECT min(id) FROM owner WHERE name = 'me') ELSE 1 + n % 20000 END,
    'https://shop' || n % 100 || '.example.com/' || n, 302, now() - interval '730 days'
  FROM generate_series(1, 2000000) n;
ALTER TABLE link ENABLE TRIGGER audit;

-- Values: dimension, how many.
CREATE TEMP TABLE wanted AS SELECT * FROM (VALUES
  (0, 'C', 150), (1, 'R', 400), (2, 'device', 4), (3, 'browser', 20), (4, 'os', 10), (5, 'site.example', 50), (6, 'source', 20),
  (7, 'medium', 5), (8, 'campaign', 50), (9, 'link', 1), (10, 'human', 1), (11, 'localhost', 1), (12, '302', 1),
  (13, 'shop.example.com', 100), (14, '', 1)) w (dimension, word, n);
INSERT INTO dimension_value (dimension, value)
  SELECT dimension, CASE WHEN n = 1 THEN word ELSE word || i END FROM wanted, generate_series(1, n) i ON CONFLICT DO NOTHING;
CREATE TEMP TABLE value AS
  SELECT w.dimension, array_agg(v.id) AS ids FROM wanted w JOIN dimension_value v ON v.dimension = w.dimension GROUP BY 1;
CREATE TEMP TABLE code AS SELECT
  max(ids) FILTER (WHERE dimension = 0) AS country, max(ids) FILTER (WHERE dimension = 1) AS region,
  max(ids) FILTER (WHERE dimension = 2) AS device, max(ids) FILTER (WHERE dimension = 3) AS browser,
  max(ids) FILTER (WHERE dimension = 4) AS os, max(ids) FILTER (WHERE dimension = 5) AS referrer,
  max(ids) FILTER (WHERE dimension = 6) AS source, max(ids) FILTER (WHERE dimension = 7) AS medium,
  max(ids) FILTER (WHERE dimension = 8) AS campaign, max(ids) FILTER (WHERE dimension = 9) AS via,
  max(ids) FILTER (WHERE dimension = 10) AS traffic, max(ids) FILTER (WHERE dimension = 11) AS host,
  max(ids) FILTER (WHERE dimension = 12) AS status, max(ids) FILTER (WHERE dimension = 13) AS destination,
  max(ids) FILTER (WHERE dimension = 14) AS bot_class
  FROM value;

-- A value of a dimension: some are much more frequent than others.
CREATE FUNCTION pg_temp.some(ids int[]) RETURNS int LANGUAGE sql VOLATILE AS
  $$ SELECT ids[1 + floor(power(random(), 3) * cardinality(ids))::int] $$;

-- So many rows of one day, of links between two numbers.
CREATE PROCEDURE pg_temp.fill(day timestamptz, lo bigint, hi bigint, n int) LANGUAGE sql AS $$
  INSERT INTO click_row (minute, link, owner, human, bot, country, region, device, browser, os, referrer, source, medium, campaign,
      via, traffic, host, status, destination, bot_class, visitors, received)
    SELECT day + floor(random() * 1440) * interval '1 minute', s.link, s.owner, s.clicks, 0,
      pg_temp.some(c.country), pg_temp.some(c.region), pg_temp.some(c.device), pg_temp.some(c.browser), pg_temp.some(c.os),
      pg_temp.some(c.referrer), pg_temp.some(c.source), pg_temp.some(c.medium), pg_temp.some(c.campaign),
      c.via[1], c.traffic[1], c.host[1], c.status[1], pg_temp.some(c.destination), c.bot_class[1],
      (SELECT array_agg((random() * 9e18)::bigint + i) FROM generate_series(1, s.clicks) i), s.clicks
    FROM code c, (
      SELECT l.id AS link, l.owner, 1 + floor(power(random(), 4) * 4)::int AS clicks
      FROM (SELECT lo + floor(random() * (hi - lo + 1))::bigint AS number FROM generate_series(1, n)) drawn
      JOIN link l ON l.id = drawn.number) s;
$$;

DO $$
DECLARE
  one bigint := (SELECT id FROM link WHERE code = 'y1');
  of_day timestamptz;
BEGIN
  FOR age IN REVERSE 730..1 LOOP
    of_day := date_trunc('day', now(), 'UTC') - age * interval '24 hours';
    CALL make_room(of_day);
    CALL pg_temp.fill(of_day, one + 5051, one + 1999999, 18000);
    CALL pg_temp.fill(of_day, one + 1, one + 50, 2400);
    IF age <= 90 THEN
      CALL pg_temp.fill(of_day, one, one, 55000);
    END IF;
    IF age <= 30 THEN
      CALL pg_temp.fill(of_day, one + 51, one + 5050, 10000);
    END IF;
    INSERT INTO written_day (day) VALUES (of_day) ON CONFLICT (day) DO UPDATE SET version = written_day.version + 1;
    INSERT INTO dirty_minute (minute) SELECT of_day + n * interval '15 minutes' FROM generate_series(0, 95) n ON CONFLICT DO NOTHING;
    COMMIT;
  END LOOP;
END $$;

ANALYZE;
SELECT count(*) AS base_rows, sum(human) AS clicks, min(minute), max(minute) FROM click_row;
