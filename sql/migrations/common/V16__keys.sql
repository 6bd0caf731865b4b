-- Keys have names and an end; a revoked one stays, so that its prefix is never another key's.
ALTER TABLE api_key ADD COLUMN name text NOT NULL DEFAULT 'first';
ALTER TABLE api_key ADD COLUMN expires_at timestamptz;
ALTER TABLE api_key ADD COLUMN revoked_at timestamptz;
CREATE INDEX api_key_owner ON api_key (owner);

-- The first keys of owners have every scope of theirs.
UPDATE api_key SET scopes = scopes || 'KEYS_WRITE'::text
WHERE scopes @> ARRAY['LINKS_READ', 'LINKS_WRITE', 'ANALYTICS_READ', 'COLLECT'] AND NOT scopes @> ARRAY['KEYS_WRITE'];
