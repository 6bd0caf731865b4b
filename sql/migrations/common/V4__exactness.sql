-- What the next owner of a partition has to know, kept with the position: which of our own clicks were seen, and how far
-- every node was heard (clicktide.count.Progress); and the nodes that were not heard for 30 s.
ALTER TABLE fence ADD COLUMN progress text NOT NULL DEFAULT '';
ALTER TABLE fence ADD COLUMN silent bigint[] NOT NULL DEFAULT '{}';

-- The payload that came with an id first: another one under the same id is a conflict, not a repeat.
ALTER TABLE seen_id ADD COLUMN payload bigint;

-- The ledger: events that were read and are not in the counts, by why. Only appended.
CREATE TABLE uncounted (
  minute timestamptz NOT NULL,
  link bigint NOT NULL,
  owner bigint NOT NULL,
  reason text NOT NULL, -- duplicate, rejected
  events int NOT NULL
);
CREATE INDEX uncounted_link ON uncounted (link, minute);
CREATE INDEX uncounted_owner ON uncounted (owner, minute);

-- Clicks that were answered and could not be kept, as their lanes have counted them. The largest count is the true one.
CREATE TABLE shed (
  node bigint NOT NULL,
  boot int NOT NULL,
  lane int NOT NULL,
  minute timestamptz NOT NULL,
  link bigint NOT NULL,  -- 0: several links of the owner
  owner bigint NOT NULL, -- 0: several owners
  clicks bigint NOT NULL,
  PRIMARY KEY (node, boot, lane, minute, link, owner)
);
CREATE INDEX shed_link ON shed (link, minute);
CREATE INDEX shed_owner ON shed (owner, minute);

-- What came more than a day late changed its bucket all the same: from what to what, why, and when.
CREATE TABLE correction (
  minute timestamptz NOT NULL,
  link bigint NOT NULL,
  owner bigint NOT NULL,
  clicks_before bigint NOT NULL,
  clicks_after bigint NOT NULL,
  cause text NOT NULL, -- late
  version int NOT NULL,
  corrected_at timestamptz NOT NULL -- the broker's time of the newest of these events
);
CREATE INDEX correction_link ON correction (link, minute);

-- The log that is counted here. Another one, or one with other partitions, is refused: identities lead to partitions.
CREATE TABLE event_log (
  one boolean PRIMARY KEY DEFAULT true CHECK (one), -- one row
  topic_id text NOT NULL,
  partitions int NOT NULL
);
