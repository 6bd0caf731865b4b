-- Applies the batch [from, to) of one partition, or changes nothing.
-- KEYS: all keys that this script touches. The document refers to a key by its index in KEYS, from 1.
-- ARGV[1]: a JSON document. Offsets, epochs and ids are texts, because a number in Lua is exact to 2^53 only.
--   fence                     hash with the position of the partition
--   incarnation, epoch, from  expected content of the fence
--   to, state, silent         new content of the fence
--   ended                     {written, deleted}: fields of the fence for nodes that ended; texts by field, and names
--   watermark                 Unix time in milliseconds, a text; the fence keeps the later one
--   channel                   gets the message when the batch is applied
--   ids                       {key, expiry, members}: ids of collected events, for a set
--   traffic                   [{key, expiry, links, clicks}]: additions to sorted sets of human clicks and of bot clicks;
--                             links and clicks are columns of equal length
--   owners                    [{key, expiry, links, clicks, minute, hour}]: additions to sorted sets of owners;
--                             hour is the key of the sums of this owner's hour
--   newest                    [{key, limit, expiry, clicks}]: additions to lists of newest clicks: indexes in ARGV,
--                             the newest click last
--   An expiry is Unix time in seconds.
-- ARGV[2]: the message for the channel. The arguments after it are clicks.
-- Returns the JSON document {outcome}: "applied"; or "incarnation", "epoch" or "next" if the fence holds another one;
-- or "type" if a key holds another type than the one above.
-- A script is not rolled back, so everything is checked before the first write.
local document = cjson.decode(ARGV[1])
local fence = KEYS[document.fence]

local function refused(outcome)
  return cjson.encode({outcome = outcome})
end

local types = {} -- by index of the key
local function holds(key, expected)
  types[key] = types[key] or redis.call('TYPE', KEYS[key]).ok
  return types[key] == 'none' or types[key] == expected
end

if not holds(document.fence, 'hash') then return refused('type') end
local state = redis.call('HMGET', fence, 'incarnation', 'epoch', 'next', 'through')
if state[1] ~= document.incarnation then return refused('incarnation') end
if state[2] ~= document.epoch then return refused('epoch') end
if state[3] ~= document.from then return refused('next') end

if not holds(document.ids.key, 'set') then return refused('type') end
for _, addition in ipairs(document.traffic) do
  if not holds(addition.key, 'zset') then return refused('type') end
end
-- The sums of an hour exist only after a query. Their member "from" is the first minute that they hold (see hour.lua).
local firstMinutes = {}
for _, addition in ipairs(document.owners) do
  if not (holds(addition.key, 'zset') and holds(addition.hour, 'zset')) then return refused('type') end
  if firstMinutes[addition.hour] == nil then
    firstMinutes[addition.hour] = tonumber(redis.call('ZSCORE', KEYS[addition.hour], 'from') or math.huge)
  end
end

for _, id in ipairs(document.ids.members) do
  redis.call('SADD', KEYS[document.ids.key], id)
end
if #document.ids.members > 0 then
  redis.call('EXPIREAT', KEYS[document.ids.key], document.ids.expiry)
end

-- Adds to the scores of many members with two commands, because a command for each costs several times as much.
local MOST = 3500 -- members of one command: Lua passes at most 8,000 arguments
local function add(key, links, clicks)
  for first = 1, #links, MOST do
    local last = math.min(first + MOST - 1, #links)
    local scores = redis.call('ZMSCORE', key, unpack(links, first, last))
    local changed = {}
    for i = first, last do
      changed[#changed + 1] = string.format('%.0f', tonumber(scores[i - first + 1] or 0) + clicks[i])
      changed[#changed + 1] = links[i]
    end
    redis.call('ZADD', key, unpack(changed))
  end
end
for _, additions in ipairs(document.traffic) do
  local key = KEYS[additions.key]
  add(key, additions.links, additions.clicks)
  redis.call('EXPIREAT', key, additions.expiry)
end
for _, additions in ipairs(document.owners) do
  local key = KEYS[additions.key]
  add(key, additions.links, additions.clicks)
  redis.call('EXPIREAT', key, additions.expiry)
  if additions.minute >= firstMinutes[additions.hour] then
    key = KEYS[additions.hour]
    add(key, additions.links, additions.clicks)
  end
end

-- A list of newest clicks decides no count. If a key holds another type, its clicks are left out.
for _, list in ipairs(document.newest) do
  local key = KEYS[list.key]
  local clicks = {}
  for i, text in ipairs(list.clicks) do clicks[i] = ARGV[text] end
  local length = redis.pcall('LPUSH', key, unpack(clicks))
  if type(length) == 'number' then
    if length > list.limit then redis.call('LTRIM', key, 0, list.limit - 1) end
    redis.call('EXPIREAT', key, list.expiry)
  end
end

for field, text in pairs(document.ended.written) do
  redis.call('HSET', fence, field, text)
end
for _, field in ipairs(document.ended.deleted) do
  redis.call('HDEL', fence, field)
end
redis.call('HSET', fence, 'next', document.to, 'progress', document.state, 'silent', document.silent)
if tonumber(document.watermark) > tonumber(state[4] or '0') then
  redis.call('HSET', fence, 'through', document.watermark) -- it never goes back
end
redis.call('PUBLISH', document.channel, ARGV[2])
return cjson.encode({outcome = 'applied'})
