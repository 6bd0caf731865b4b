-- The keys that have created a key. A key that was created by a rotation also has the creators of its predecessor. The creators of earlier keys are
-- in the audit log.
ALTER TABLE api_key ADD COLUMN creators text[] NOT NULL DEFAULT '{}';
ALTER TABLE api_key DISABLE TRIGGER audit; -- no owner has changed these keys
UPDATE api_key SET creators = ARRAY[audit.actor]
FROM audit JOIN api_key creator ON creator.prefix = audit.actor AND creator.owner = audit.owner
WHERE audit.owner = api_key.owner AND audit.action = 'key.created' AND audit.subject = api_key.prefix;
ALTER TABLE api_key ENABLE TRIGGER audit;
