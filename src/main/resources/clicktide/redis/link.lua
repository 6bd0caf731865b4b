-- One partition's minutes of a link. KEYS[1] the fence; ARGV: prefix of keys, link, first minute, minutes.
-- Answers incarnation, next, through, silent nodes, then triples of minute, human, bot.
local state = redis.call('HMGET', KEYS[1], 'incarnation', 'next', 'through', 'silent')
local answer = {state[1] or '', state[2] or '0', state[3] or '0', state[4] or ''}
for minute = tonumber(ARGV[3]), tonumber(ARGV[3]) + tonumber(ARGV[4]) - 1 do
  local human = redis.call('ZSCORE', ARGV[1] .. 'human:' .. minute, ARGV[2])
  local bot = redis.call('ZSCORE', ARGV[1] .. 'bot:' .. minute, ARGV[2])
  if human or bot then
    answer[#answer + 1] = tostring(minute)
    answer[#answer + 1] = human or '0'
    answer[#answer + 1] = bot or '0'
  end
end
return answer
