-- The versions of the rules that found out what a row says; 0: before they were kept.
ALTER TABLE click_row ADD COLUMN rules int NOT NULL DEFAULT 0;
