-- Reads the minutes of a link in one partition. Minutes without clicks are left out.
-- KEYS: all keys that this script touches. The document refers to a key by its index in KEYS, from 1.
-- ARGV[1]: a JSON document.
--   fence    hash with the position of the partition
--   link     id of the link, a text, because a number in Lua is exact to 2^53 only
--   minutes  [{minute, owner, human, bot}]: sorted sets of the owner's clicks, of human clicks and of bot clicks. Only clicks
--            that were counted for this owner are read.
-- Returns a JSON document: incarnation, next, watermark (in milliseconds) and silent of the fence, and the columns minutes,
-- human and bot. All values are texts.
local document = cjson.decode(ARGV[1])
local state = redis.call('HMGET', KEYS[document.fence], 'incarnation', 'next', 'through', 'silent')
local answer = {
  incarnation = state[1] or '', next = state[2] or '0', watermark = state[3] or '0', silent = state[4] or '',
  minutes = {}, human = {}, bot = {},
}
for _, minute in ipairs(document.minutes) do
  if redis.call('ZSCORE', KEYS[minute.owner], document.link) then
    local row = #answer.minutes + 1
    answer.minutes[row] = string.format('%.0f', minute.minute)
    answer.human[row] = redis.call('ZSCORE', KEYS[minute.human], document.link) or '0'
    answer.bot[row] = redis.call('ZSCORE', KEYS[minute.bot], document.link) or '0'
  end
end
return cjson.encode(answer)
