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
--   minutes                   [{minute, expiry, human, bot, owners}]: additions to the sorted sets of a minute, human clicks and
--                             bot clicks by link. owners are [{key, hour, links, human, bot}]: the sorted set of an owner in this
--                             minute, the key of the sums of this owner's hour, and columns of equal length
--   newest                    {expiry, lists, limits, clicks}: additions to lists of newest clicks, in columns of equal length:
--                             a list, its greatest length, and the indexes of its clicks in ARGV, the newest click last
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
-- The sums of an hour exist only after a query. Their member "from" is the first minute that they hold (see hour.lua).
local firstMinutes = {}
for _, minute in ipairs(document.minutes) do
  if not (holds(minute.human, 'zset') and holds(minute.bot, 'zset')) then return refused('type') end
  for _, owner in ipairs(minute.owners) do
    if not (holds(owner.key, 'zset') and holds(owner.hour, 'zset')) then return refused('type') end
    if firstMinutes[owner.hour] == nil then
      firstMinutes[owner.hour] = tonumber(redis.call('ZSCORE', KEYS[owner.hour], 'from') or math.huge)
    end
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
      changed[#changed + 1] = (scores[i - first + 1] or 0) + clicks[i]
      changed[#changed + 1] = links[i]
    end
    redis.call('ZADD', key, unpack(changed))
  end
end

local function column()
  return {links = {}, clicks = {}}
end
local function append(column, link, clicks)
  if clicks ~= 0 then
    column.links[#column.links + 1] = link
    column.clicks[#column.clicks + 1] = clicks
  end
end
for _, minute in ipairs(document.minutes) do
  local human, bot = column(), column()
  for _, owner in ipairs(minute.owners) do
    local totals = {} -- also of 0, because a query finds its links here
    for i, link in ipairs(owner.links) do
      append(human, link, owner.human[i])
      append(bot, link, owner.bot[i])
      totals[i] = owner.human[i] + owner.bot[i]
    end
    add(KEYS[owner.key], owner.links, totals)
    redis.call('EXPIREAT', KEYS[owner.key], minute.expiry)
    if minute.minute >= firstMinutes[owner.hour] then
      add(KEYS[owner.hour], owner.links, totals)
    end
  end
  add(KEYS[minute.human], human.links, human.clicks)
  redis.call('EXPIREAT', KEYS[minute.human], minute.expiry)
  add(KEYS[minute.bot], bot.links, bot.clicks)
  redis.call('EXPIREAT', KEYS[minute.bot], minute.expiry)
end

-- A list of newest clicks decides no count. If a key holds another type, its clicks are left out.
-- They are added at the end: in front of others, Redis would move those in its memory.
local newest = document.newest
for list, index in ipairs(newest.lists) do
  local key = KEYS[index]
  local clicks = {}
  for i, text in ipairs(newest.clicks[list]) do clicks[i] = ARGV[text] end
  local length = redis.pcall('RPUSH', key, unpack(clicks))
  if type(length) == 'number' then
    if length > newest.limits[list] then redis.call('LTRIM', key, -newest.limits[list], -1) end
    redis.call('EXPIREAT', key, newest.expiry)
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
