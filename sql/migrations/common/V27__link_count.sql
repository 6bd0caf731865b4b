-- The number of links of an owner, deleted ones included, for the quota of links. The transaction that creates links counts them. Processes of the
-- previous version create links without counting them.
CREATE TABLE link_count (
  owner bigint PRIMARY KEY REFERENCES owner,
  links bigint NOT NULL
);
LOCK TABLE link IN SHARE MODE; -- waits for transactions that create links
INSERT INTO link_count (owner, links) SELECT owner, count(*) FROM link GROUP BY owner;
ALTER TABLE link_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE link_count FORCE ROW LEVEL SECURITY;
CREATE POLICY application ON link_count TO CURRENT_USER USING (true);
