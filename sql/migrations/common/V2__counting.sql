-- What the rollup sink keeps in one transaction with the counts.

-- How far a partition of a topic is counted, and who may go on. A slice [from, to) is applied if incarnation and epoch
-- are current and from = next.
CREATE TABLE fence (
  sink text NOT NULL,
  topic_id text NOT NULL,
  partition int NOT NULL,
  incarnation text NOT NULL,
  epoch bigint NOT NULL,
  next bigint NOT NULL,
  through timestamptz NOT NULL, -- every click answered before it is counted
  PRIMARY KEY (sink, topic_id, partition)
);

-- Ids of collectors' events, by the day of receipt, so that a retry with another time is recognised too.
CREATE TABLE seen_id (
  received_on date NOT NULL,
  owner bigint NOT NULL,
  id_high bigint NOT NULL,
  id_low bigint NOT NULL,
  PRIMARY KEY (owner, id_high, id_low)
);
CREATE INDEX seen_id_day ON seen_id (received_on);

-- Dimension values by number. A number is never given to another value.
CREATE TABLE dimension_value (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dimension smallint NOT NULL,
  value text NOT NULL,
  UNIQUE (dimension, value)
);

-- Days whose aggregates do not hold every base row. Readers sum the base rows of such a day instead. The version rises
-- with every write, so that a refresh clears only the mark that it saw.
CREATE TABLE dirty_day (
  day timestamptz PRIMARY KEY, -- 00:00 UTC
  version bigint NOT NULL DEFAULT 1
);

-- The key under which the addresses of a UTC day are hashed. Destroyed when the day can no longer be recomputed.
CREATE TABLE visitor_key (
  day date PRIMARY KEY,
  key bytea NOT NULL
);

-- The flavour of the rollups, chosen at the first start and never changed.
CREATE TABLE flavour (
  one boolean PRIMARY KEY DEFAULT true CHECK (one), -- one row
  name text NOT NULL
);
