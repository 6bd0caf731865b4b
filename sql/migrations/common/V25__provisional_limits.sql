-- The transaction that created a counter of clicks for a limit, as long as the counter is provisional. Null once the counter is final.
ALTER TABLE click_limit ADD COLUMN provisional_since xid8;
CREATE INDEX click_limit_provisional ON click_limit (provisional_since) WHERE provisional_since IS NOT NULL;
