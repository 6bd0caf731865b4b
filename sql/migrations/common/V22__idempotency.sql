-- What was made by a call that named itself (Idempotency-Key): written by the transaction that made it, so that it is made once, whoever dies when.
CREATE TABLE idempotency (
  owner bigint NOT NULL, -- 0: the administrator
  key text NOT NULL,
  request text NOT NULL, -- a fingerprint: another request must not have the same key
  made text, -- a code, a prefix of a key, or the number of an owner
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_at ON idempotency (at);
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency FORCE ROW LEVEL SECURITY;
CREATE POLICY application ON idempotency TO CURRENT_USER USING (true);
