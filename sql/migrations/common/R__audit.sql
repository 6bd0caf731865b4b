-- Writes an entry of the audit log for a created or changed row, in the transaction that changes it. The first argument of the trigger names the kind of
-- thing, the second the column with its public name, the third the column with its owner. Secrets, numbers of rows and time stamps are left out.
CREATE OR REPLACE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
  after jsonb := to_jsonb(NEW);
  changed jsonb;
BEGIN
  SELECT coalesce(jsonb_object_agg(f.key, jsonb_build_array(before -> f.key, f.value)), '{}') INTO changed
  FROM jsonb_each(after) AS f
  WHERE f.value IS DISTINCT FROM before -> f.key AND NOT (TG_OP = 'INSERT' AND f.value IN ('null', '[]'))
    AND f.key NOT IN ('hash', 'id', 'owner', 'version', 'created_at', 'updated_at');
  INSERT INTO audit (owner, actor, action, subject, changes) VALUES (
    (after ->> TG_ARGV[2])::bigint,
    coalesce(nullif(current_setting('clicktide.actor', true), ''), 'clicktide'), -- no actor: the product itself, for instance a sink
    TG_ARGV[0] || CASE
      WHEN TG_OP = 'INSERT' THEN '.created'
      WHEN changed -> 'state' ->> 1 = 'DELETED' THEN '.deleted'
      WHEN changed ? 'revoked_at' THEN '.revoked'
      ELSE '.changed' END,
    after ->> TG_ARGV[1],
    changed);
  RETURN NULL;
END $$;
