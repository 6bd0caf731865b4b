SELECT create_hypertable('link_quarter', by_range('day', interval '30 days'), create_default_indexes => false);
SELECT create_hypertable('owner_quarter', by_range('day', interval '30 days'), create_default_indexes => false);

-- Makes the days that [f, t) touches again. To be called at top level with autocommit: refreshing commits by itself, so
-- this procedure must not have SET, SECURITY DEFINER or EXCEPTION. Parent before child, or the child sees nothing.
CREATE OR REPLACE PROCEDURE refresh_rollups(f timestamptz, t timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz := time_bucket('1 day', f);
  last timestamptz := time_bucket('1 day', t - interval '1 microsecond') + interval '24 hours';
BEGIN
  CALL refresh_continuous_aggregate('link_day', first, last);
  CALL refresh_continuous_aggregate('owner_day', first, last);
  CALL refresh_quarters(first, last);
END $$;
