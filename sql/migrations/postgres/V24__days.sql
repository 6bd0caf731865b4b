-- Links of an owner are read for single days, and days are made again whole: one index for both, instead of one by day and one by owner and day.
DROP INDEX link_day_day;
DROP INDEX link_day_owner;
CREATE INDEX link_day_owner ON link_day (day, owner);
