-- Applies the batch [from, to) of one partition, or changes nothing.
-- KEYS: all keys that this script touches. The document refers to a key by its index in KEYS, from 1.
-- ARGV[1]: a JSON document. Offsets, epochs and ids are texts, because a number in Lua is exact to 2^53 only.
--   fence                     hash with the position of the partition
--   incarnation, epoch, from  expected content of the fence
--   to, state, silent         new content of the fence
--   ended                     {written, deleted}: fields of the fence for nodes that ended; texts by field, and names
--   watermark                 Unix time in milliseconds, a text; the fence keeps the later one
--   channel, message          published when the batch is applied
--   ids                       {key, expiry, members}: ids of collected events, for a set
--   traffic                   [{key, link, clicks, expiry}]: additions to sorted sets of human clicks and of bot clicks
--   owners                    [{key, link, clicks, expiry, minute, hour}]: additions to sorted sets of owners;
--                             hour is the key of the sums of this owner's hour
--   newest                    [{key, limit, expiry, clicks}]: additions to lists of newest clicks, the newest click last
--   An expiry is Unix time in seconds.
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
for _, list in ipairs(document.newest) do
  if not holds(list.key, 'list') then return refused('type') end
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

local function add(addition)
  redis.call('ZINCRBY', KEYS[addition.key], addition.clicks, addition.link)
  redis.call('EXPIREAT', KEYS[addition.key], addition.expiry)
end
for _, addition in ipairs(document.traffic) do
  add(addition)
end
for _, addition in ipairs(document.owners) do
  add(addition)
  if addition.minute >= firstMinutes[addition.hour] then
    redis.call('ZINCRBY', KEYS[addition.hour], addition.clicks, addition.link)
  end
end

for _, list in ipairs(document.newest) do
  redis.call('LPUSH', KEYS[list.key], unpack(list.clicks))
  redis.call('LTRIM', KEYS[list.key], 0, list.limit - 1)
  redis.call('EXPIREAT', KEYS[list.key], list.expiry)
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
redis.call('PUBLISH', document.channel, document.message)
return cjson.encode({outcome = 'applied'})
