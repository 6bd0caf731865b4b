-- Sets the limit of a link, or removes it (null). Returns true if the link has reached the limit. Earlier clicks are summed while no sink counts.
CREATE OR REPLACE FUNCTION limit_clicks(of_link bigint, at_most bigint) RETURNS boolean LANGUAGE plpgsql AS $$
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
