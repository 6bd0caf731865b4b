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
--   newest                    {expiry, texts, earlierTexts, day, textsExpiry, entries, lists, limits}: newest clicks. texts is a
--                             hash of texts by id. earlierTexts is the hash of those of an earlier day, or of before it was full.
--                             day is the UTC day of the batch since 1970. Lists and limits are columns of equal length: a text
--                             of entries, the newest last, and its greatest length in bytes. entries is the index in ARGV of
--                             the entries for the first list; those for the other lists follow
--   An expiry is Unix time in seconds.
-- ARGV[2]: the message for the channel. After it come ids, each with its text, and then the entries for lists of newest clicks.
-- Returns the JSON document {outcome, full}. The outcome is "applied"; or "incarnation", "epoch" or "next" if the fence holds
-- another one; or "type" if a key holds another type than the one above. full is true if texts became earlier texts at the end,
-- so the caller sends all texts again.
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

-- Newest clicks decide no count. If a key holds another type, clicks are left out.
local newest = document.newest
local MOST_TEXTS = 50000 -- of a hash, 16 MB: clicks whose values are all different cannot fill Redis
local full = false
local function makeEarlier(key)
  redis.call('UNLINK', KEYS[newest.earlierTexts]) -- RENAME would free it at once, which takes long
  redis.call('RENAME', key, KEYS[newest.earlierTexts])
end
if #newest.lists > 0 and holds(newest.texts, 'hash') then
  local key = KEYS[newest.texts]
  local day = redis.call('HGET', key, 'day')
  if (tonumber(day or 0) or 0) < newest.day then
    if day then makeEarlier(key) end
    redis.call('HSET', key, 'day', newest.day)
  end
  for first = 3, newest.entries - 1, 2 * MOST do
    redis.call('HSET', key, unpack(ARGV, first, math.min(first + 2 * MOST, newest.entries) - 1))
  end
  redis.call('EXPIREAT', key, newest.textsExpiry)
  full = redis.call('HLEN', key) > MOST_TEXTS
  if full then makeEarlier(key) end
end
for list, index in ipairs(newest.lists) do
  local key = KEYS[index]
  local length = redis.pcall('APPEND', key, ARGV[newest.entries + list - 1])
  if type(length) == 'number' then
    local limit = newest.limits[list]
    if length > 2 * limit then -- not at each click, because it copies the text
      redis.call('SET', key, redis.call('GETRANGE', key, -limit, -1))
    end
    redis.call('EXPIREAT', key, newest.expiry) -- also because SET has ended the expiry
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
return cjson.encode({outcome = 'applied', full = full})
