-- Reads the clicks of some links in one partition, summed over some minutes.
-- KEYS: all keys that this script touches. The document refers to a key by its index in KEYS, from 1.
-- ARGV[1]: a JSON document.
--   fence    hash with the position of the partition
--   links    ids of at least one link, texts, because a number in Lua is exact to 2^53 only
--   minutes  [{minute, human, bot}]: sorted sets of human clicks and of bot clicks
-- Returns a JSON document: incarnation, next, watermark (in milliseconds) and silent of the fence, and the columns links,
-- human and bot with a row for each link. All values are texts.
local document = cjson.decode(ARGV[1])
local state = redis.call('HMGET', KEYS[document.fence], 'incarnation', 'next', 'through', 'silent')
local answer = {
  incarnation = state[1] or '', next = state[2] or '0', watermark = state[3] or '0', silent = state[4] or '',
  links = document.links, human = {}, bot = {},
}
local function add(sums, key)
  if redis.call('EXISTS', key) == 1 then
    for i, clicks in ipairs(redis.call('ZMSCORE', key, unpack(document.links))) do
      sums[i] = (sums[i] or 0) + tonumber(clicks or 0)
    end
  end
end
local human = {}
local bot = {}
for _, minute in ipairs(document.minutes) do
  add(human, KEYS[minute.human])
  add(bot, KEYS[minute.bot])
end
for i = 1, #document.links do
  answer.human[i] = string.format('%.0f', human[i] or 0)
  answer.bot[i] = string.format('%.0f', bot[i] or 0)
end
return cjson.encode(answer)
