-- One partition's clicks of an hour by link of an owner. KEYS[1] the fence; ARGV: prefix of keys, owner, first minute, minutes.
-- The sums are kept: made at the first question, added to by apply.lua as long as they are here, and moved on here, where
-- each minute that leaves the hour is taken off once. They expire before the oldest minute that they would have to take off.
-- Answers incarnation, next, through, silent nodes, then pairs of link and clicks.
local state = redis.call('HMGET', KEYS[1], 'incarnation', 'next', 'through', 'silent')
local answer = {state[1] or '', state[2] or '0', state[3] or '0', state[4] or ''}
local hour = ARGV[1] .. 'hour:' .. ARGV[2]
local first = tonumber(ARGV[3])
local behind = first + tonumber(ARGV[4])
local newest = behind + 5 -- no click is counted further ahead
local function clicks(minute)
  return redis.call('ZRANGE', ARGV[1] .. 'owner:' .. ARGV[2] .. ':' .. minute, 0, -1, 'WITHSCORES')
end
local function add(minute, sign)
  local links = clicks(minute)
  for i = 1, #links, 2 do
    redis.call('ZINCRBY', hour, sign * tonumber(links[i + 1]), links[i])
  end
end
local from = tonumber(redis.call('ZSCORE', hour, 'from') or newest + 1)
for minute = first, from - 1 do add(minute, 1) end
for minute = from, first - 1 do add(minute, -1) end
redis.call('ZREMRANGEBYSCORE', hour, '-inf', 0)
redis.call('ZADD', hour, first, 'from')
redis.call('EXPIREAT', hour, (first + 69) * 60)
local ahead = {}
for minute = behind, newest do
  local links = clicks(minute)
  for i = 1, #links, 2 do
    ahead[links[i]] = (ahead[links[i]] or 0) + tonumber(links[i + 1])
  end
end
local links = redis.call('ZRANGE', hour, 0, -1, 'WITHSCORES')
for i = 1, #links, 2 do
  local sum = tonumber(links[i + 1]) - (ahead[links[i]] or 0)
  if links[i] ~= 'from' and sum > 0 then
    answer[#answer + 1] = links[i]
    answer[#answer + 1] = tostring(sum)
  end
end
return answer
