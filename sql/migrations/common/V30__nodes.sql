-- The first start of the installation, one row. The node that inserts it creates the first owner, its key and its first link in the same transaction.
CREATE TABLE first_start (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  owner bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
-- An installation of an earlier version has had its first start.
INSERT INTO first_start (owner) SELECT id FROM owner ORDER BY created_at, id LIMIT 1;

-- The keys of the administrator that nodes have registered. All nodes accept them.
CREATE TABLE admin_key (
  hash text PRIMARY KEY, -- SHA-256 of the whole key, hexadecimal
  place text NOT NULL, -- the file with the key
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The nodes that run, and those that have ended without saying so. Only the clock of the database is used.
CREATE TABLE node (
  id bigint PRIMARY KEY, -- the number of the start, as in heartbeats and in fence.silent
  roles text[] NOT NULL,
  version text NOT NULL,
  host text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  heartbeat_at timestamptz NOT NULL DEFAULT now()
);

-- The nodes of which the administrator has said that they do not return. Answers do not name them as silent.
CREATE TABLE gone_node (
  id bigint PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
);
