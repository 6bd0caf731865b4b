-- One partition's minutes of all links of an owner. KEYS[1] the fence; ARGV: prefix of keys, owner, first minute, minutes.
-- Answers incarnation, next, through, silent nodes, then fours of minute, link, human, bot.
local state = redis.call('HMGET', KEYS[1], 'incarnation', 'next', 'through', 'silent')
local answer = {state[1] or '', state[2] or '0', state[3] or '0', state[4] or ''}
for minute = tonumber(ARGV[3]), tonumber(ARGV[3]) + tonumber(ARGV[4]) - 1 do
  local links = redis.call('ZRANGE', ARGV[1] .. 'owner:' .. ARGV[2] .. ':' .. minute, 0, -1)
  for _, link in ipairs(links) do
    answer[#answer + 1] = tostring(minute)
    answer[#answer + 1] = link
    answer[#answer + 1] = redis.call('ZSCORE', ARGV[1] .. 'human:' .. minute, link) or '0'
    answer[#answer + 1] = redis.call('ZSCORE', ARGV[1] .. 'bot:' .. minute, link) or '0'
  end
end
return answer
