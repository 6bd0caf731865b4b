-- One partition's clicks of some links in some minutes. KEYS[1] the fence; ARGV: prefix of keys, first minute, minutes, links.
-- Answers a pair of people's and machines' clicks for each link.
local human = {}
local bot = {}
local links = {unpack(ARGV, 4)}
local function add(sums, key)
  for i, clicks in ipairs(redis.call('ZMSCORE', key, unpack(links))) do
    sums[i] = (sums[i] or 0) + (tonumber(clicks or 0) or 0)
  end
end
for minute = tonumber(ARGV[2]), tonumber(ARGV[2]) + tonumber(ARGV[3]) - 1 do
  if redis.call('EXISTS', ARGV[1] .. 'human:' .. minute) == 1 then add(human, ARGV[1] .. 'human:' .. minute) end
  if redis.call('EXISTS', ARGV[1] .. 'bot:' .. minute) == 1 then add(bot, ARGV[1] .. 'bot:' .. minute) end
end
local answer = {}
for i = 1, #links do
  answer[#answer + 1] = tostring(human[i] or 0)
  answer[#answer + 1] = tostring(bot[i] or 0)
end
return answer
