-- Deletes the ledger, the corrections, the marks and the weeks of everything before a day. Each flavour's drop_before calls this with the rows it drops.
CREATE OR REPLACE PROCEDURE drop_books_before(of_day timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM uncounted WHERE minute < of_day;
  DELETE FROM shed WHERE minute < of_day;
  DELETE FROM correction WHERE minute < of_day;
  DELETE FROM written_day WHERE day < of_day;
  DELETE FROM dirty_minute WHERE minute < of_day;
  DELETE FROM link_week WHERE week < of_day;
  DELETE FROM summed_week WHERE week < of_day;
END $$;
