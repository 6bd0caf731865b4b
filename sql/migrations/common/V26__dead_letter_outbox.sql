-- Dead letters that the rollup sink found. They are inserted in the transaction that moves the fence past them, and deleted
-- once the dead-letter topic has acknowledged them. The key is the place in the log, so a replay inserts nothing twice.
CREATE TABLE dead_letter_outbox (
  topic_id text NOT NULL,
  partition integer NOT NULL,
  log_offset bigint NOT NULL,
  index_in_record integer NOT NULL,
  reason text NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (topic_id, partition, log_offset, index_in_record)
);
