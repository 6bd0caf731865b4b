-- What owners keep with their links, and what else a link can do.
ALTER TABLE link ADD COLUMN forwards_query boolean NOT NULL DEFAULT false;
ALTER TABLE link ADD COLUMN title text;
ALTER TABLE link ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
ALTER TABLE link ADD COLUMN external_id text;
ALTER TABLE link ADD COLUMN click_limit bigint;
CREATE UNIQUE INDEX link_external_id ON link (owner, external_id) WHERE external_id IS NOT NULL AND state <> 'DELETED';

-- How many people have followed a link that is for so many. Counted by the rollup sink in its own transactions; the link itself holds no counter.
CREATE TABLE click_limit (
  link bigint PRIMARY KEY REFERENCES link,
  most bigint NOT NULL,
  people bigint NOT NULL
);

-- Gives a link a limit, or none; whether it is reached. While what was counted before is summed, no sink counts: they change fences.
CREATE FUNCTION limit_clicks(of_link bigint, at_most bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  before bigint;
  of_day timestamptz;
BEGIN
  IF at_most IS NULL THEN
    DELETE FROM click_limit WHERE link = of_link;
    RETURN false;
  END IF;
  UPDATE click_limit SET most = at_most WHERE link = of_link;
  IF NOT FOUND THEN
    LOCK TABLE fence IN SHARE MODE;
    before := coalesce((SELECT sum(human) FROM link_day WHERE link = of_link AND day NOT IN (SELECT day FROM dirty_day)), 0);
    FOR of_day IN SELECT day FROM dirty_day LOOP -- one by one, so that each is one partition in the plan
      before := before + coalesce((
        SELECT sum(human) FROM click_row WHERE link = of_link AND minute >= of_day AND minute < of_day + interval '24 hours'), 0);
    END LOOP;
    INSERT INTO click_limit (link, most, people) VALUES (of_link, at_most, before)
      ON CONFLICT (link) DO UPDATE SET most = excluded.most;
  END IF;
  RETURN (SELECT people >= most FROM click_limit WHERE link = of_link);
END $$;

-- What another shortener had counted before a link came here. Shown beside our own numbers, never among them.
CREATE TABLE opening_balance (
  link bigint PRIMARY KEY REFERENCES link,
  clicks bigint NOT NULL,
  source text NOT NULL,
  imported_at timestamptz NOT NULL DEFAULT now()
);
