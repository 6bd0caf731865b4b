-- Reads the minutes of all links of an owner in one partition. Minutes without clicks are left out.
-- KEYS: all keys that this script touches. The document refers to a key by its index in KEYS, from 1.
-- ARGV[1]: a JSON document.
--   fence    hash with the position of the partition
--   minutes  [{minute, owner, human, bot}]: sorted sets of the owner's clicks, of human clicks and of bot clicks
-- Returns a JSON document: incarnation, next, watermark (in milliseconds) and silent of the fence, and the columns minutes,
-- links, human and bot. All values are texts.
local document = cjson.decode(ARGV[1])
local state = redis.call('HMGET', KEYS[document.fence], 'incarnation', 'next', 'through', 'silent')
local answer = {
  incarnation = state[1] or '', next = state[2] or '0', watermark = state[3] or '0', silent = state[4] or '',
  minutes = {}, links = {}, human = {}, bot = {},
}
for _, minute in ipairs(document.minutes) do
  for _, link in ipairs(redis.call('ZRANGE', KEYS[minute.owner], 0, -1)) do
    local row = #answer.links + 1
    answer.minutes[row] = string.format('%.0f', minute.minute)
    answer.links[row] = link
    answer.human[row] = redis.call('ZSCORE', KEYS[minute.human], link) or '0'
    answer.bot[row] = redis.call('ZSCORE', KEYS[minute.bot], link) or '0'
  end
end
return cjson.encode(answer)
