-- Keeps the uses of one process in windows of limits, and returns those of the other processes.
-- KEYS: all keys that this script touches. The document refers to a key by its index in KEYS, from 1.
-- ARGV[1]: a JSON document.
--   process   the name of the process, a field of each hash
--   counters  [{key, window, joins, uses, millis}]: hashes with the uses of each process in the open window of a key.
--             window is the window that the process has joined, or if it joins, the name of a new one.
--             millis is the time until the window ends.
-- Returns a JSON list in the same order: {window, uses, millis} with the uses of the other processes.
-- The uses of a process replace its earlier ones, so a repeated call changes nothing. Uses of a window that has ended
-- are not kept if another one is open.
local document = cjson.decode(ARGV[1])
local answers = {}
for i, counter in ipairs(document.counters) do
  local key = KEYS[counter.key]
  local window = redis.call('HGET', key, 'window')
  if not window then
    window = counter.window
    redis.call('HSET', key, 'window', window)
    redis.call('PEXPIRE', key, counter.millis)
  end
  if counter.joins or window == counter.window then
    redis.call('HSET', key, document.process, counter.uses)
  end
  local fields = redis.call('HGETALL', key)
  local others = 0
  for field = 1, #fields, 2 do
    if fields[field] ~= 'window' and fields[field] ~= document.process then
      others = others + tonumber(fields[field + 1])
    end
  end
  answers[i] = {window = window, uses = others, millis = redis.call('PTTL', key)}
end
return cjson.encode(answers)
