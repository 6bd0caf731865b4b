-- Values of open dimensions that a link has on a day, once they are many: others are counted as __other__ (clicktide.timescale.Caps).
CREATE TABLE admitted_value (
  day timestamptz NOT NULL, -- 00:00 UTC
  link bigint NOT NULL,
  dimension smallint NOT NULL,
  admitted text[] NOT NULL,
  PRIMARY KEY (day, link, dimension)
);

CREATE INDEX uncounted_minute ON uncounted (minute);
CREATE INDEX shed_minute ON shed (minute);
CREATE INDEX correction_minute ON correction (minute);

-- What the ledger knows of days before a day. Called with the rows themselves by drop_before of the flavour.
CREATE PROCEDURE drop_books_before(of_day timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM uncounted WHERE minute < of_day;
  DELETE FROM shed WHERE minute < of_day;
  DELETE FROM correction WHERE minute < of_day;
  DELETE FROM written_day WHERE day < of_day;
END $$;
