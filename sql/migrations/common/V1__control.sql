-- Owners, keys, links: the control plane. No counter ever lives here.

CREATE TABLE owner (
  id bigint PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api_key (
  prefix text PRIMARY KEY,
  hash text NOT NULL, -- SHA-256 of the whole key, hexadecimal
  owner bigint NOT NULL REFERENCES owner,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A deleted link stays, so that its code is never given again.
CREATE TABLE link (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE,
  owner bigint NOT NULL REFERENCES owner,
  destination text NOT NULL,
  status smallint NOT NULL,
  state text NOT NULL DEFAULT 'ACTIVE',
  starts_at timestamptz,
  expires_at timestamptz,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX link_owner ON link (owner, id);
CREATE INDEX link_updated ON link (updated_at); -- the change list that every node polls
