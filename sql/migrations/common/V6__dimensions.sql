-- Dimensions that rows did not have at first. Number 0 is the empty value of rows that are older than the column.
INSERT INTO dimension_value (id, dimension, value) OVERRIDING SYSTEM VALUE VALUES (0, -1, '');
ALTER TABLE click_row ADD COLUMN host int NOT NULL DEFAULT 0;
ALTER TABLE click_row ADD COLUMN status int NOT NULL DEFAULT 0;
ALTER TABLE click_row ADD COLUMN destination int NOT NULL DEFAULT 0;
ALTER TABLE click_row ADD COLUMN bot_class int NOT NULL DEFAULT 0;
