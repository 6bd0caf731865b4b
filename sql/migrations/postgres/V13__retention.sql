-- Drops rows of days before a day, and what was made of them. To be called at top level with autocommit: dropping a partition
-- locks the whole table, so each is a transaction of its own, which gives up rather than let others wait.
CREATE PROCEDURE drop_before(of_day timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  old text;
BEGIN
  DELETE FROM click_row_rest WHERE minute < of_day;
  DELETE FROM link_day WHERE day < of_day;
  DELETE FROM owner_day WHERE day < of_day;
  DELETE FROM link_quarter WHERE day < of_day;
  DELETE FROM owner_quarter WHERE day < of_day;
  CALL drop_books_before(of_day);
  COMMIT;
  FOR old IN
    SELECT relname FROM pg_class JOIN pg_inherits ON inhrelid = oid
    WHERE inhparent = 'click_row'::regclass AND relname ~ '^click_row_[0-9]{8}$'
      AND relname < 'click_row_' || to_char(of_day AT TIME ZONE 'UTC', 'YYYYMMDD')
  LOOP
    SET LOCAL lock_timeout = '2s';
    EXECUTE format('DROP TABLE %I', old);
    COMMIT;
  END LOOP;
END $$;
