-- Links whose numbers anybody may see, because their owner wants it; with a hash of the password, if there is one.
CREATE TABLE public_stats (
  link bigint PRIMARY KEY REFERENCES link,
  code text NOT NULL, -- as the link has it, for the audit log
  owner bigint NOT NULL REFERENCES owner,
  hash text,
  enabled boolean NOT NULL DEFAULT true -- a row stays, so that the audit log tells the end, too
);
ALTER TABLE public_stats ENABLE ROW LEVEL SECURITY;
ALTER TABLE public_stats FORCE ROW LEVEL SECURITY;
CREATE POLICY application ON public_stats TO CURRENT_USER USING (true);
CREATE TRIGGER audit AFTER INSERT OR UPDATE ON public_stats FOR EACH ROW EXECUTE FUNCTION audit('public_stats', 'code', 'owner');
