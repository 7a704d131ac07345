// Lua scripts of the Redis store, each with its keys and arguments. The server runs a script as one
// transaction. The keys of a script lie in one hash slot, so that a cluster can run it too.

/** Who asks whether a deployment is alive gives its record as the first key, and the time first. */
const ALIVE = `
local function alive()
  local expires = redis.call('HGET', KEYS[1], 'expiresAtMs')
  return expires and (expires == '' or tonumber(expires) > tonumber(ARGV[1]))
end
local function isDeployment() return redis.call('HEXISTS', KEYS[1], 'phase') == 1 end
`;

/** KEYS: record, taken. ARGV: fields and values. 1 if the id is new. */
export const CREATE = `
if not redis.call('SET', KEYS[2], '1', 'NX') then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1`;

/** KEYS: record. ARGV: now, fields and values. 1 if it is alive. */
export const UPDATE = `${ALIVE}
if not (alive() and isDeployment()) then return 0 end
if #ARGV > 1 then redis.call('HSET', KEYS[1], unpack(ARGV, 2)) end
return 1`;

/** KEYS: record. ARGV: now. Fields and values, none if it is gone. */
export const READ = `${ALIVE}
if not (alive() and isDeployment()) then return {} end
return redis.call('HGETALL', KEYS[1])`;

/**
 * KEYS: record, and all others but `taken` and `uses`. ARGV: now, 1 to spare what is alive.
 * {"none"}, {"spared", expiresAtMs, "" for never} or {"removed", 1 if it was alive, app}.
 */
export const REMOVE = `${ALIVE}
if redis.call('EXISTS', KEYS[1]) == 0 then return {'none'} end
local lived = alive()
if ARGV[2] == '1' and lived then return {'spared', redis.call('HGET', KEYS[1], 'expiresAtMs')} end
local app = redis.call('HGET', KEYS[1], 'app')
redis.call('UNLINK', unpack(KEYS))
return {'removed', lived and 1 or 0, app or ''}`;

/** KEYS: record. ARGV: now, app. Makes a live version of the app last; 1 if it is one. */
export const KEEP = `${ALIVE}
if not alive() or redis.call('HGET', KEYS[1], 'app') ~= ARGV[2] then return 0 end
if redis.call('HGET', KEYS[1], 'phase') ~= 'live' then return 0 end
redis.call('HSET', KEYS[1], 'expiresAtMs', '')
return 1`;

/** KEYS: record, uses. ARGV: now, digests. Notes what a put is about to use; 1 if it is alive. */
export const BEGIN_PUT = `${ALIVE}
if not alive() then return 0 end
for i = 2, #ARGV do redis.call('SADD', KEYS[2], ARGV[i]) end
return 1`;

/** KEYS: record, manifest. ARGV: now, manifest. 1 if it is alive. */
export const PUT = `${ALIVE}
if not alive() then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
return 1`;

/** KEYS: record, manifest. ARGV: now. */
export const MANIFEST = `${ALIVE}
if not alive() then return false end
return redis.call('GET', KEYS[2])`;

/** KEYS: blob, users. ARGV: id, bytes if there are any. 1 if the blob exists after that. */
export const USE_BLOB = `
redis.call('SADD', KEYS[2], ARGV[1])
if #ARGV > 1 then redis.call('SET', KEYS[1], ARGV[2], 'NX') end
return redis.call('EXISTS', KEYS[1])`;

/** KEYS: blob, users. ARGV: id. */
export const RELEASE_BLOB = `
redis.call('SREM', KEYS[2], ARGV[1])
if redis.call('SCARD', KEYS[2]) == 0 then redis.call('UNLINK', KEYS[1], KEYS[2]) end
return 1`;

/**
 * KEYS: record, values, order, usage. ARGV: now, kind, key, value, most bytes of a value, most keys, most
 * bytes in all, the expected value of a compare-and-set. {"gone"}, {"done", 0 or 1}, or what was refused
 * ("value", "keys", "bytes") with the size that it would have had.
 */
export const WRITE = `${ALIVE}
if not alive() then return {'gone'} end
local kind, key, value = ARGV[2], ARGV[3], ARGV[4]
local old = redis.call('HGET', KEYS[2], key)
if kind == 'upsert' and old then return {'done', 0} end
if kind == 'compareAndSet' and old ~= ARGV[8] then return {'done', 0} end
if kind == 'append' and old then value = old .. value end
if #value > tonumber(ARGV[5]) then return {'value', #value} end
local usage = redis.call('HMGET', KEYS[4], 'keys', 'bytes')
local keys, bytes = tonumber(usage[1] or 0), tonumber(usage[2] or 0)
local moreKeys = old and 0 or 1
local moreBytes = #value - (old and #old or -#key)
if moreKeys > 0 and keys + moreKeys > tonumber(ARGV[6]) then return {'keys', keys + moreKeys} end
if moreBytes > 0 and bytes + moreBytes > tonumber(ARGV[7]) then return {'bytes', bytes + moreBytes} end
redis.call('HSET', KEYS[2], key, value)
if not old then redis.call('ZADD', KEYS[3], 0, key) end
redis.call('HSET', KEYS[4], 'keys', keys + moreKeys, 'bytes', bytes + moreBytes)
return {'done', (kind == 'compareAndSet' or not old) and 1 or 0}`;

/** KEYS: record, values. ARGV: now, key. {"gone"} or {"done", value or nothing}. */
export const GET = `${ALIVE}
if not alive() then return {'gone'} end
return {'done', redis.call('HGET', KEYS[2], ARGV[2])}`;

/** KEYS: record, values, order, usage. ARGV: now, key. {"gone"} or {"done", 1 if there was one}. */
export const DELETE = `${ALIVE}
if not alive() then return {'gone'} end
local bytes = redis.call('HSTRLEN', KEYS[2], ARGV[2])
if redis.call('HDEL', KEYS[2], ARGV[2]) == 0 then return {'done', 0} end
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('HINCRBY', KEYS[4], 'keys', -1)
-- Not a negation: Lua writes that of 0 as -0, which is no integer to the server.
redis.call('HINCRBY', KEYS[4], 'bytes', 0 - bytes - #ARGV[2])
return {'done', 1}`;

/** KEYS: record, values, order. ARGV: now, min, max, limit. {"gone"} or {"done", key, size, key, size …}. */
export const LIST = `${ALIVE}
if not alive() then return {'gone'} end
local found = {'done'}
local keys = redis.call('ZRANGEBYLEX', KEYS[3], ARGV[2], ARGV[3], 'LIMIT', 0, tonumber(ARGV[4]))
for _, key in ipairs(keys) do
  found[#found + 1] = key
  found[#found + 1] = redis.call('HSTRLEN', KEYS[2], key)
end
return found`;

/** KEYS: record, usage. ARGV: now. {"gone"} or {"done", keys, bytes}. */
export const USAGE = `${ALIVE}
if not alive() then return {'gone'} end
local usage = redis.call('HMGET', KEYS[2], 'keys', 'bytes')
return {'done', tonumber(usage[1] or 0), tonumber(usage[2] or 0)}`;

/**
 * KEYS: record, log, tally. ARGV: now, most bytes, then size and event for each. Events are entries whose ids
 * are their offsets. Drops the oldest beyond the limit.
 */
export const APPEND_LOG = `${ALIVE}
if not alive() then return 0 end
local tally = redis.call('HMGET', KEYS[3], 'offset', 'bytes')
local offset, bytes, most = tonumber(tally[1] or 0), tonumber(tally[2] or 0), tonumber(ARGV[2])
for i = 3, #ARGV, 2 do
  offset, bytes = offset + 1, bytes + tonumber(ARGV[i])
  redis.call('XADD', KEYS[2], offset .. '-0', 'size', ARGV[i], 'event', ARGV[i + 1])
end
while bytes > most do
  local last
  for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 64)) do
    if bytes <= most then break end
    bytes, last = bytes - tonumber(entry[2][2]), tonumber(string.match(entry[1], '^%d+'))
  end
  redis.call('XTRIM', KEYS[2], 'MINID', (last + 1) .. '-0')
end
redis.call('HSET', KEYS[3], 'offset', offset, 'bytes', bytes)
return 1`;

/** KEYS: record, log. ARGV: now, first entry, count. Offset, event, offset, event … */
export const READ_LOG = `${ALIVE}
local found = {}
if not alive() then return found end
for _, entry in ipairs(redis.call('XRANGE', KEYS[2], ARGV[2], '+', 'COUNT', ARGV[3])) do
  found[#found + 1] = string.match(entry[1], '^%d+')
  found[#found + 1] = entry[2][4]
end
return found`;

/** KEYS: record and hold of the app. ARGV: fields and values. 1 if the name was free. */
export const CREATE_APP = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('UNLINK', KEYS[2])
redis.call('HSET', KEYS[1], unpack(ARGV))
return 1`;

/** KEYS: record of the app. The number of a new version, 0 if there is no such app. */
export const ADD_VERSION = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('HINCRBY', KEYS[1], 'lastVersion', 1)`;

/**
 * KEYS: record of the app. ARGV: id of the version, number of the switch. {"none"}, {"again"} if a later
 * switch came first, {"same"}, or {"switched", id of the version before, "" for none}.
 */
export const SWITCH = `
local app = redis.call('HMGET', KEYS[1], 'currentId', 'switchNumber')
if not app[1] then return {'none'} end
if app[1] == ARGV[1] then return {'same'} end
if tonumber(app[2]) >= tonumber(ARGV[2]) then return {'again'} end
redis.call('HSET', KEYS[1], 'previousId', app[1], 'currentId', ARGV[1], 'switchNumber', ARGV[2])
return {'switched', app[1]}`;

/**
 * KEYS: record, hold, versions, ending of the app. ARGV: time until which the name is held. Notes what has to
 * be removed. 0 if there is no such app.
 */
export const REMOVE_APP = `
local app = redis.call('HMGET', KEYS[1], 'tokenDigest', 'storeId')
if not app[1] then return 0 end
redis.call('HSET', KEYS[2], 'tokenDigest', app[1], 'untilMs', ARGV[1])
redis.call('SUNIONSTORE', KEYS[4], KEYS[3], KEYS[4])
redis.call('SADD', KEYS[4], app[2])
redis.call('UNLINK', KEYS[1], KEYS[3])
return 1`;
