-- Limits of human clicks on a link. The rollup sink counts these clicks in the transaction that counts them everywhere else.
--
-- A limit can be set for a link that has clicks already. The function limit_clicks sums the committed ones and locks nothing, so a sink that is
-- in a transaction at this time may have looked for the limit too early: its clicks are neither in the sum nor counted later. The new counter is
-- therefore provisional. It becomes final in finalize_click_limits, which waits until these transactions have ended and adds the clicks they missed.
-- Every sink changes its fences first and counts towards limits last. A transaction that holds no lock on `fence` will still see the limit.

-- The human clicks on a link as the snapshot of the calling statement shows them (STABLE): closed days from their sums, dirty days from base rows.
CREATE OR REPLACE FUNCTION human_clicks(of_link bigint) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  clicks bigint := coalesce((SELECT sum(human) FROM link_day WHERE link = of_link AND day NOT IN (SELECT day FROM dirty_day)), 0);
  of_day timestamptz;
BEGIN
  FOR of_day IN SELECT day FROM dirty_day LOOP -- one by one, so that each plan reads one partition
    clicks := clicks + coalesce((
      SELECT sum(human) FROM click_row WHERE link = of_link AND minute >= of_day AND minute < of_day + interval '24 hours'), 0);
  END LOOP;
  RETURN clicks;
END $$;

-- Sets the limit of a link, or removes it (null). Returns true if the link has reached the limit.
CREATE OR REPLACE FUNCTION limit_clicks(of_link bigint, at_most bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF at_most IS NULL THEN
    DELETE FROM click_limit WHERE link = of_link;
    RETURN false;
  END IF;
  UPDATE click_limit SET most = at_most WHERE link = of_link;
  IF NOT FOUND THEN
    INSERT INTO click_limit (link, most, people, provisional_since) VALUES (of_link, at_most, human_clicks(of_link), pg_current_xact_id())
      ON CONFLICT (link) DO UPDATE SET most = excluded.most;
  END IF;
  RETURN (SELECT people >= most FROM click_limit WHERE link = of_link);
END $$;

-- Counts human clicks towards the limits of those links that have one, and exhausts the links that reach it. Counters are locked in the order of
-- their links, so that writers cannot deadlock.
CREATE OR REPLACE PROCEDURE count_toward_limits(links bigint[], humans bigint[]) LANGUAGE plpgsql AS $$
BEGIN
  WITH limited AS (SELECT link FROM click_limit WHERE link = ANY (links) ORDER BY link FOR UPDATE),
    counted AS (
      UPDATE click_limit c SET people = c.people + added.humans
      FROM limited JOIN unnest(links, humans) AS added (link, humans) USING (link)
      WHERE c.link = limited.link RETURNING c.link, c.people >= c.most AS is_reached)
  UPDATE link SET state = 'EXHAUSTED', version = version + 1, updated_at = clock_timestamp()
  FROM counted WHERE link.id = counted.link AND counted.is_reached AND link.state = 'ACTIVE';
END $$;

-- Makes provisional counters final, at most 100 in a call. Each is a transaction of its own, so call this at top level with autocommit.
CREATE OR REPLACE PROCEDURE finalize_click_limits() LANGUAGE plpgsql AS $$
DECLARE
  links bigint[];
  since xid8[];
  sinks text[];
  missed bigint;
BEGIN
  SELECT array_agg(link), array_agg(provisional_since) INTO links, since FROM (
    SELECT link, provisional_since FROM click_limit WHERE provisional_since IS NOT NULL ORDER BY provisional_since LIMIT 100) oldest;
  IF links IS NULL THEN
    RETURN;
  END IF;

  -- Transactions of sinks that may not have seen these counters. They last milliseconds; after 2 s (100 times 20 ms) the next call tries again.
  sinks := open_sinks();
  FOR attempt IN 1..100 LOOP
    EXIT WHEN NOT sinks && open_sinks();
    IF attempt = 100 THEN
      RETURN;
    END IF;
    PERFORM pg_sleep(0.02);
  END LOOP;

  FOR i IN 1..cardinality(links) LOOP
    -- One snapshot for both: the clicks of every committed transaction, less those that were summed or counted already. Clicks of later transactions
    -- are counted by these. No row is locked meanwhile.
    SELECT human_clicks(link) - people INTO missed FROM click_limit WHERE link = links[i] AND provisional_since = since[i];
    IF FOUND THEN
      UPDATE click_limit SET provisional_since = NULL WHERE link = links[i] AND provisional_since = since[i];
      IF FOUND THEN -- otherwise the limit was removed, and perhaps set again, since it was read
        CALL count_toward_limits(ARRAY[links[i]], ARRAY[missed]);
      END IF;
      COMMIT;
    END IF;
  END LOOP;
END $$;

-- The virtual ids of the transactions that have changed a fence and have not ended.
CREATE OR REPLACE FUNCTION open_sinks() RETURNS text[] LANGUAGE sql VOLATILE AS $$
  SELECT coalesce(array_agg(virtualtransaction), '{}') FROM pg_locks
  WHERE locktype = 'relation' AND relation = 'fence'::regclass AND mode = 'RowExclusiveLock' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
$$;
