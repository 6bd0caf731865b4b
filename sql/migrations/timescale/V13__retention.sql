-- Drops rows of days before a day, and what was made of them as soon as a whole chunk of it is that old. The aggregates
-- are never refreshed there again: that would take what is left of the rows for all there was.
CREATE PROCEDURE drop_before(of_day timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM drop_chunks('click_row', older_than => of_day);
  PERFORM drop_chunks('link_day', older_than => of_day);
  PERFORM drop_chunks('owner_day', older_than => of_day);
  PERFORM drop_chunks('link_quarter', older_than => of_day);
  PERFORM drop_chunks('owner_quarter', older_than => of_day);
  CALL drop_books_before(of_day);
END $$;
