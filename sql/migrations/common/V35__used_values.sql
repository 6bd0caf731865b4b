-- The last day whose rows may use a value. A writer moves it before it writes rows of a later day, so a value before the oldest kept day is used by no row.
-- The default holds for rows that exist, and for writers of earlier versions, which may run for 30 days more.
ALTER TABLE dimension_value ADD COLUMN used_through date NOT NULL DEFAULT CURRENT_DATE + 30;
UPDATE dimension_value SET used_through = 'infinity' WHERE id = 0; -- of rows that are older than a column
CREATE INDEX dimension_value_used_through ON dimension_value (used_through);
