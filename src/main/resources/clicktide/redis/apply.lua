-- Applies the slice [from, to) of one partition, or changes nothing.
-- KEYS[1] the fence, KEYS[2] the ids seen in this hour, then one sorted set for each increment, then the lists of newest clicks.
-- ARGV: incarnation, epoch, from, to, through, progress, silent nodes, channel, message, expiry of the ids, count of ids,
--       count of increments, then the ids,
--       then for each sorted set: member, increment, expiry,
--       then for each list: its longest length, expiry, count of clicks, these clicks, oldest first.
-- Everything is checked before the first write, because scripts do not roll back.
local fence = KEYS[1]
local state = redis.call('HMGET', fence, 'incarnation', 'epoch', 'next')
if state[1] ~= ARGV[1] then return 'incarnation' end
if state[2] ~= ARGV[2] then return 'epoch' end
if state[3] ~= ARGV[3] then return 'next' end
local ids = tonumber(ARGV[11])
local increments = tonumber(ARGV[12])
local hours = {} -- by number of the key: the sums of an owner's hour, if somebody asks for them, and the minute of the key
for i = 2, #KEYS do
  local kind = redis.call('TYPE', KEYS[i]).ok
  local wanted = i == 2 and 'set' or i <= 2 + increments and 'zset' or 'list'
  if kind ~= 'none' and kind ~= wanted then return 'type' end
  local owner, minute = string.match(KEYS[i], ':owner:(%d+):(%d+)$')
  if owner then
    local hour = string.sub(fence, 1, -6) .. 'hour:' .. owner
    local kindOfHour = redis.call('TYPE', hour).ok
    if kindOfHour == 'zset' then hours[i] = {hour, tonumber(minute)} elseif kindOfHour ~= 'none' then return 'type' end
  end
end
for i = 13, 12 + ids do
  redis.call('SADD', KEYS[2], ARGV[i])
end
if ids > 0 then
  redis.call('EXPIREAT', KEYS[2], ARGV[10])
end
local at = 13 + ids
for i = 3, 2 + increments do
  redis.call('ZINCRBY', KEYS[i], ARGV[at + 1], ARGV[at])
  redis.call('EXPIREAT', KEYS[i], ARGV[at + 2])
  if hours[i] and hours[i][2] >= tonumber(redis.call('ZSCORE', hours[i][1], 'from')) then
    redis.call('ZINCRBY', hours[i][1], ARGV[at + 1], ARGV[at])
  end
  at = at + 3
end
for i = 3 + increments, #KEYS do
  local count = tonumber(ARGV[at + 2])
  redis.call('LPUSH', KEYS[i], unpack(ARGV, at + 3, at + 2 + count))
  redis.call('LTRIM', KEYS[i], 0, tonumber(ARGV[at]) - 1)
  redis.call('EXPIREAT', KEYS[i], ARGV[at + 1])
  at = at + 3 + count
end
redis.call('HSET', fence, 'next', ARGV[4], 'progress', ARGV[6], 'silent', ARGV[7])
if tonumber(ARGV[5]) > tonumber(redis.call('HGET', fence, 'through')) then
  redis.call('HSET', fence, 'through', ARGV[5]) -- it never goes back
end
redis.call('PUBLISH', ARGV[8], ARGV[9])
return 'applied'
