-- Reads the clicks of one partition in 60 minutes, by link of an owner.
-- KEYS: all keys that this script touches. The document refers to a key by its index in KEYS, from 1.
-- ARGV[1]: a JSON document.
--   fence         hash with the position of the partition
--   hour          sorted set with the sums of this owner's hour
--   first, after  the minutes [first, after) are read
--   minutes       [{minute, owner}] without a gap, in order: the minutes that the sums may hold, and the owner's sorted set
--   expiry        expiry of the sums, Unix time in seconds
-- Returns a JSON document: incarnation, next, watermark (in milliseconds) and silent of the fence, and the columns links and
-- clicks. All values are texts.
--
-- The first query makes the sums. While they exist, apply.lua adds to them. Each query moves them on: a minute that has left
-- the hour is subtracted once. The sums expire before the oldest minute that they would have to subtract.
-- The member "from" of the sums is not a link. Its score is the first minute that the sums hold. It stays in the sorted set
-- because two versions of Clicktide share these keys during an upgrade.
local document = cjson.decode(ARGV[1])
local hour = KEYS[document.hour]
local state = redis.call('HMGET', KEYS[document.fence], 'incarnation', 'next', 'through', 'silent')
local answer = {
  incarnation = state[1] or '', next = state[2] or '0', watermark = state[3] or '0', silent = state[4] or '',
  links = {}, clicks = {},
}

local oldest = document.minutes[1].minute
local newest = document.minutes[#document.minutes].minute
local from = tonumber(redis.call('ZSCORE', hour, 'from') or -math.huge)
local isUsable = from >= oldest and from <= newest + 1
if not isUsable then from = newest + 1 end

-- All minutes are read before the first write, because a script is not rolled back.
local changes = {}
local later = {} -- clicks after the hour, by link
for _, minute in ipairs(document.minutes) do
  local isAdded = minute.minute >= document.first and minute.minute < from
  local isSubtracted = minute.minute < document.first and minute.minute >= from
  local isLater = minute.minute >= document.after
  if isAdded or isSubtracted or isLater then
    local links = redis.call('ZRANGE', KEYS[minute.owner], 0, -1, 'WITHSCORES')
    if isAdded then changes[#changes + 1] = {sign = 1, links = links} end
    if isSubtracted then changes[#changes + 1] = {sign = -1, links = links} end
    if isLater then
      for i = 1, #links, 2 do
        later[links[i]] = (later[links[i]] or 0) + tonumber(links[i + 1])
      end
    end
  end
end

if not isUsable then redis.call('DEL', hour) end
for _, change in ipairs(changes) do
  for i = 1, #change.links, 2 do
    redis.call('ZINCRBY', hour, change.sign * tonumber(change.links[i + 1]), change.links[i])
  end
end
redis.call('ZREMRANGEBYSCORE', hour, '-inf', 0)
redis.call('ZADD', hour, document.first, 'from')
redis.call('EXPIREAT', hour, document.expiry)

local sums = redis.call('ZRANGE', hour, 0, -1, 'WITHSCORES')
for i = 1, #sums, 2 do
  local clicks = tonumber(sums[i + 1]) - (later[sums[i]] or 0)
  if sums[i] ~= 'from' and clicks > 0 then
    answer.links[#answer.links + 1] = sums[i]
    answer.clicks[#answer.clicks + 1] = string.format('%.0f', clicks)
  end
end
return cjson.encode(answer)
