-- How often rows of a day were written, and which of these writes its aggregates hold. Kept for good: as long as the versions
-- of a range stay, its sums stay.
ALTER TABLE dirty_day RENAME TO written_day;
ALTER TABLE written_day ADD COLUMN refreshed bigint NOT NULL DEFAULT 0; -- a version

-- Days whose aggregates do not hold every base row. Readers sum the base rows of such a day instead.
CREATE VIEW dirty_day AS SELECT day, version FROM written_day WHERE refreshed < version;
