-- What all quarters of a row add up to, so that a leaderboard does not have to take apart a row for every link of today.
CREATE FUNCTION sum_of(list int[]) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
  $$ SELECT coalesce(sum(one), 0) FROM unnest(list) AS one $$;

ALTER TABLE link_quarter
  ADD COLUMN human_sum bigint NOT NULL GENERATED ALWAYS AS (sum_of(human)) STORED,
  ADD COLUMN bot_sum bigint NOT NULL GENERATED ALWAYS AS (sum_of(bot)) STORED;
