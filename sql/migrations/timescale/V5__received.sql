-- How many events a row stands for, counted or not: received is a count of its own. Empty in rows that are older than it.
ALTER TABLE click_row ADD COLUMN received int;
