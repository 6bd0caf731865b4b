-- A second belt: what reads for an owner does so in a role of its own, to which the control tables show the rows of the owner alone that its transaction
-- names. Rollups cannot have that (TimescaleDB refuses it beside columnstore and under continuous aggregates), so every statement on them names the owner.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'clicktide_query') THEN
    CREATE ROLE clicktide_query NOLOGIN; -- of all databases of a server
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- somebody else's start was faster
END $$;
DO $$
BEGIN
  SET LOCAL ROLE clicktide_query; -- since PostgreSQL 16 a member may be one without the right to do that
  RESET ROLE;
EXCEPTION WHEN insufficient_privilege THEN GRANT clicktide_query TO CURRENT_USER;
END $$;

DO $$
DECLARE
  control text;
BEGIN
  FOREACH control IN ARRAY ARRAY['owner', 'api_key', 'link', 'audit', 'opening_balance', 'click_limit'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', control);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', control); -- or its owner would see everything, whoever comes
    EXECUTE format('CREATE POLICY application ON %I TO CURRENT_USER USING (true)', control);
  END LOOP;
END $$;
CREATE POLICY of_owner ON link FOR SELECT TO clicktide_query
  USING (owner = nullif(current_setting('clicktide.owner', true), '')::bigint);

GRANT SELECT ON link, click_row, link_day, owner_day, link_quarter, owner_quarter, dirty_day, dirty_minute, quarters_through, dimension_value, uncounted, shed
  TO clicktide_query;
