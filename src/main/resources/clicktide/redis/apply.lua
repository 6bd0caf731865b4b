-- Applies the slice [from, to) of one partition, or changes nothing.
-- KEYS[1] the fence, KEYS[2] the ids seen in this hour, then one sorted set for each increment.
-- ARGV: incarnation, epoch, from, to, through, progress, silent nodes, channel, message, expiry of the ids, count of ids,
--       the ids,
--       then for each further key: member, increment, expiry.
-- Everything is checked before the first write, because scripts do not roll back.
local fence = KEYS[1]
local state = redis.call('HMGET', fence, 'incarnation', 'epoch', 'next')
if state[1] ~= ARGV[1] then return 'incarnation' end
if state[2] ~= ARGV[2] then return 'epoch' end
if state[3] ~= ARGV[3] then return 'next' end
for i = 2, #KEYS do
  local kind = redis.call('TYPE', KEYS[i]).ok
  local wanted = i == 2 and 'set' or 'zset'
  if kind ~= 'none' and kind ~= wanted then return 'type' end
end
local ids = tonumber(ARGV[11])
for i = 12, 11 + ids do
  redis.call('SADD', KEYS[2], ARGV[i])
end
if ids > 0 then
  redis.call('EXPIREAT', KEYS[2], ARGV[10])
end
for i = 3, #KEYS do
  local at = 12 + ids + (i - 3) * 3
  redis.call('ZINCRBY', KEYS[i], ARGV[at + 1], ARGV[at])
  redis.call('EXPIREAT', KEYS[i], ARGV[at + 2])
end
redis.call('HSET', fence, 'next', ARGV[4], 'progress', ARGV[6], 'silent', ARGV[7])
if tonumber(ARGV[5]) > tonumber(redis.call('HGET', fence, 'through')) then
  redis.call('HSET', fence, 'through', ARGV[5]) -- it never goes back
end
redis.call('PUBLISH', ARGV[8], ARGV[9])
return 'applied'
