-- Takes a partition over: KEYS[1] the fence; ARGV: topic id, incarnation and next for a new fence (empty: only look).
-- Answers incarnation, epoch, next, progress; an empty incarnation if there is no fence, "other topic" if it is of another one.
local fence = KEYS[1]
if redis.call('EXISTS', fence) == 0 then
  if ARGV[2] == '' then
    return {'', '0', '0', ''}
  end
  redis.call('HSET', fence, 'topic', ARGV[1], 'incarnation', ARGV[2], 'epoch', 0, 'next', ARGV[3], 'through', 0, 'progress', '')
end
if redis.call('HGET', fence, 'topic') ~= ARGV[1] then
  return {'other topic', '0', '0', ''}
end
redis.call('HINCRBY', fence, 'epoch', 1)
return redis.call('HMGET', fence, 'incarnation', 'epoch', 'next', 'progress')
