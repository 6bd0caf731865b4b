-- What is kept of a link's clicks: FULL, COUNTS or OFF.
ALTER TABLE link ADD COLUMN tracking text NOT NULL DEFAULT 'FULL';

-- Networks in CIDR notation whose clicks are the owner's own and are not counted.
ALTER TABLE owner ADD COLUMN own_networks text[] NOT NULL DEFAULT '{}';
CREATE INDEX owner_own_networks ON owner (id) WHERE own_networks <> '{}'; -- every node polls these
