-- Who changed what of an owner's things, kept by the transaction that changed it.
CREATE TABLE audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  owner bigint NOT NULL,
  actor text NOT NULL, -- the prefix of a key, administrator, or clicktide itself
  action text NOT NULL, -- link.created, link.changed, link.deleted, key.created, …
  subject text NOT NULL, -- a code, the prefix of a key, or the number of an owner
  changes jsonb NOT NULL -- by field: what it was and what it is
);
CREATE INDEX audit_owner ON audit (owner, id);

-- The first argument says what the thing is, the second which column names it, the third which one is its owner. Secrets and stamps are left out.
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
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
    coalesce(nullif(current_setting('clicktide.actor', true), ''), 'clicktide'),
    TG_ARGV[0] || CASE
      WHEN TG_OP = 'INSERT' THEN '.created'
      WHEN changed -> 'state' ->> 1 = 'DELETED' THEN '.deleted'
      WHEN changed ? 'revoked_at' THEN '.revoked'
      ELSE '.changed' END,
    after ->> TG_ARGV[1],
    changed);
  RETURN NULL;
END $$;

CREATE TRIGGER audit AFTER INSERT OR UPDATE ON link FOR EACH ROW EXECUTE FUNCTION audit('link', 'code', 'owner');
CREATE TRIGGER audit AFTER INSERT OR UPDATE ON api_key FOR EACH ROW EXECUTE FUNCTION audit('key', 'prefix', 'owner');
CREATE TRIGGER audit AFTER INSERT OR UPDATE ON owner FOR EACH ROW EXECUTE FUNCTION audit('owner', 'id', 'id');
