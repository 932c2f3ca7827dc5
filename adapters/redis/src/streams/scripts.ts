// What the log and the leases do in Redis, each in one atomic step. All keys of a cluster have the same tag, so that a
// Redis Cluster keeps them together.

/** A script with its number of keys. */
export interface Script {
  readonly keys: number;
  readonly text: string;
}

/** A whole number as text: Lua would write great ones with an exponent. */
const WHOLE = "local function whole(n) return string.format('%.0f', n) end\n";

/**
 * Appends messages. Keys: stream, state, writer. Arguments: an epoch for a log that is new, most entries, milliseconds for
 * which the number of the writer is kept, number of the first message, messages. Returns the epoch and the last offset.
 */
export const APPEND: Script = {
  keys: 3,
  text: `${WHOLE}
local state = redis.call('HMGET', KEYS[2], 'epoch', 'last')
local epoch, last = state[1], tonumber(state[2] or '0')
if not epoch then
  epoch, last = ARGV[1], 0
  redis.call('DEL', KEYS[1])
end
local kept = tonumber(redis.call('GET', KEYS[3]) or '0')
local number = tonumber(ARGV[4])
for index = 5, #ARGV do
  if number > kept then
    last = last + 1
    kept = number
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], whole(last) .. '-0', epoch, ARGV[index])
  end
  number = number + 1
end
redis.call('HSET', KEYS[2], 'epoch', epoch, 'last', whole(last))
redis.call('SET', KEYS[3], whole(kept), 'PX', ARGV[3])
return {epoch, whole(last)}`,
};

/**
 * Checks that the log still has what a node knows of it. Keys: stream, state. Arguments: an epoch for a log that is new or
 * has lost something, the known epoch, then for some entries their offset and the SHA-1 of their message. Returns the
 * epoch and the last offset.
 */
export const CHECK: Script = {
  keys: 2,
  text: `${WHOLE}
local state = redis.call('HMGET', KEYS[2], 'epoch', 'last')
local epoch, last = state[1], tonumber(state[2] or '0')
local isLost = not epoch
if not epoch then
  last = 0
  redis.call('DEL', KEYS[1])
elseif epoch == ARGV[2] then
  for index = 3, #ARGV, 2 do
    if tonumber(ARGV[index]) > last then isLost = true end
    local found = redis.call('XRANGE', KEYS[1], ARGV[index] .. '-0', ARGV[index] .. '-0')[1]
    if found and (found[2][1] ~= epoch or redis.sha1hex(found[2][2]) ~= ARGV[index + 1]) then
      isLost = true
    end
  end
end
if isLost then
  epoch = ARGV[1]
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'last', whole(last))
end
return {epoch, whole(last)}`,
};

/** Writes a lease. Key: lease. Arguments: the writing node, "1" for a new one, holder, milliseconds, record. */
export const WRITE: Script = {
  keys: 1,
  text: `
local holder = redis.call('HGET', KEYS[1], 'holder')
if holder then
  if holder ~= ARGV[1] then return 0 end
elseif ARGV[2] ~= '1' then
  return 0
end
redis.call('HSET', KEYS[1], 'holder', ARGV[3], 'record', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`,
};

/** Makes a node the holder. Key: lease. Arguments: node, milliseconds. Returns the former holder and the record. */
export const CLAIM: Script = {
  keys: 1,
  text: `
local lease = redis.call('HMGET', KEYS[1], 'holder', 'record')
if not lease[1] then return false end
redis.call('HSET', KEYS[1], 'holder', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return lease`,
};

/** Lets leases last longer. Keys: leases. Arguments: node, milliseconds. Returns for each of them 1, or 0 when it is not held. */
export const RENEW: Omit<Script, "keys"> = {
  text: `
local held = {}
for index, key in ipairs(KEYS) do
  if redis.call('HGET', key, 'holder') == ARGV[1] then
    redis.call('PEXPIRE', key, ARGV[2])
    held[index] = 1
  else
    held[index] = 0
  end
end
return held`,
};

/** Removes a lease. Key: lease. Argument: the node that must hold it. */
export const REMOVE: Script = {
  keys: 1,
  text: `
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`,
};
