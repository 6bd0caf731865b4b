-- Takes over one partition: raises the epoch of its fence.
-- KEYS: all keys that this script touches. The document refers to a key by its index in KEYS, from 1.
-- ARGV[1]: a JSON document.
--   fence        hash with the position of the partition
--   topic        id of the topic
--   incarnation  of a new fence; empty: no fence is created
--   next         first offset of a new fence, a text, because a number in Lua is exact to 2^53 only
-- Returns the JSON document {outcome, incarnation, epoch, next, state, ended}. Ended are the fields of nodes that ended, by name;
-- all other values are texts. The outcome is "taken";
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
local fields = redis.call('HGETALL', fence)
local state = {}
local ended = {}
for i = 1, #fields, 2 do
  local isEnded = string.find(fields[i], 'ended:', 1, true) == 1
  local group = isEnded and ended or state
  group[fields[i]] = fields[i + 1]
end
return cjson.encode({outcome = 'taken', incarnation = state.incarnation, epoch = state.epoch, next = state.next,
  state = state.progress, ended = ended})
