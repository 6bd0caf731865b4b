-- Takes over one partition: raises the epoch of its fence.
-- KEYS: all keys that this script touches. The document refers to a key by its index in KEYS, from 1.
-- ARGV[1]: a JSON document.
--   fence        hash with the position of the partition
--   topic        id of the topic
--   incarnation  of a new fence; empty: no fence is created
--   next         first offset of a new fence, a text, because a number in Lua is exact to 2^53 only
-- Returns the JSON document {outcome, incarnation, epoch, next, state}, where all values are texts. The outcome is "taken";
-- or "missing" if there is no fence; or "topic" if the fence belongs to another topic. Without "taken" only the outcome is there.
local document = cjson.decode(ARGV[1])
local fence = KEYS[document.fence]
if redis.call('EXISTS', fence) == 0 then
  if document.incarnation == '' then return cjson.encode({outcome = 'missing'}) end
  redis.call('HSET', fence, 'topic', document.topic, 'incarnation', document.incarnation, 'epoch', 0, 'next', document.next,
    'through', 0, 'progress', '')
end
if redis.call('HGET', fence, 'topic') ~= document.topic then return cjson.encode({outcome = 'topic'}) end
redis.call('HINCRBY', fence, 'epoch', 1)
local state = redis.call('HMGET', fence, 'incarnation', 'epoch', 'next', 'progress')
return cjson.encode({outcome = 'taken', incarnation = state[1], epoch = state[2], next = state[3], state = state[4]})
