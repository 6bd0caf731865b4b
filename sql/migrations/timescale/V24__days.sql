-- A question for a year plans each chunk of the year, which takes longer than reading it: from here on, those of days have 30 of them, not 7.
SELECT set_chunk_time_interval('link_day', interval '30 days');
SELECT set_chunk_time_interval('owner_day', interval '30 days');

-- Links of an owner are read for single days, and days are made again whole: one index for both, instead of one by day and one by owner and day.
DO $$
DECLARE
  superfluous text;
BEGIN
  FOR superfluous IN
    SELECT format('%I.%I', i.schemaname, i.indexname) FROM pg_indexes i
    JOIN timescaledb_information.continuous_aggregates a
      ON i.schemaname = a.materialization_hypertable_schema AND i.tablename = a.materialization_hypertable_name
    WHERE a.view_name = 'link_day' AND i.indexdef NOT LIKE '%(link, day)'
  LOOP
    EXECUTE 'DROP INDEX ' || superfluous;
  END LOOP;
END $$;
CREATE INDEX ON link_day (day, owner);

-- Rows of a link are asked for by country more often than for less than a day: batches of one country are passed over by their bounds. Days that were
-- closed before keep their order.
ALTER TABLE click_row SET (timescaledb.orderby = 'link, country, minute');
