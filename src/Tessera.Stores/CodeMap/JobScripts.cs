namespace Tessera.Stores.CodeMap;

/// <summary>
/// What moves jobs, each as one script that Redis lets nothing interrupt. Times are the server's, so that workers' clocks do not matter.
/// </summary>
/// <remarks>
/// KEYS are always: 1 intake list, 2 pending hash (id -> payload), 3 leases (id scored by deadline), 4 delayed (id scored by when it is
/// ready), 5 deliveries hash, 6 hash of id -> token of its lease and id:first -> that of its first one, 7 dead hash, 8 hash of job key -> id and of repository -> id that began last, 9 id -> key hash, 10 reasons hash, 11 counters hash.
/// </remarks>
internal static class JobScripts
{
    private const string Common = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local function forget(id)
          local key = redis.call('HGET', KEYS[9], id)
          if key and redis.call('HGET', KEYS[8], key) == id then
            redis.call('HDEL', KEYS[8], key)
          end
          redis.call('HDEL', KEYS[9], id)
          redis.call('HDEL', KEYS[2], id)
          redis.call('ZREM', KEYS[3], id)
          redis.call('ZREM', KEYS[4], id)
          redis.call('HDEL', KEYS[5], id)
          redis.call('HDEL', KEYS[6], id, id .. ':first')
          redis.call('HDEL', KEYS[10], id)
        end
        local function bury(id, reason)
          redis.call('HSET', KEYS[7], id, cjson.encode({
            id = id, payload = redis.call('HGET', KEYS[2], id) or '', reason = reason,
            deliveries = tonumber(redis.call('HGET', KEYS[5], id) or 0), time = now }))
          forget(id)
        end
        local function retry(id, most, first, longest, reason)
          local deliveries = tonumber(redis.call('HGET', KEYS[5], id) or 0)
          redis.call('ZREM', KEYS[3], id)
          redis.call('HDEL', KEYS[6], id)
          if deliveries >= most then
            bury(id, reason)
          else
            redis.call('HSET', KEYS[10], id, reason)
            redis.call('ZADD', KEYS[4], now + math.min(longest, first * 2 ^ (deliveries - 1)), id)
          end
        end
        local function holds(id, token)
          return redis.call('HGET', KEYS[6], id) == token
        end

        """;

    // ARGV: lease, most deliveries, first wait, longest wait. A job whose lease ran out counts as failed.
    // A token is at least the time, so that it grows even when the server comes back without its last second.
    public const string Claim = Common + """
        for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 100)) do
          retry(id, tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]),
            redis.call('HGET', KEYS[10], id) or 'its workers stopped without a word')
        end
        local id = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now, 'LIMIT', 0, 1)[1]
        if id then
          redis.call('ZREM', KEYS[4], id)
        else
          local payload = redis.call('RPOP', KEYS[1])
          if not payload then
            return false
          end
          id = string.format('%.0f', redis.call('HINCRBY', KEYS[11], 'id', 1))
          redis.call('HSET', KEYS[2], id, payload)
        end
        local token = string.format('%.0f', math.max(now, tonumber(redis.call('HGET', KEYS[11], 'token') or 0) + 1))
        redis.call('HSET', KEYS[11], 'token', token)
        redis.call('HSET', KEYS[6], id, token)
        redis.call('HSETNX', KEYS[6], id .. ':first', token)
        redis.call('ZADD', KEYS[3], now + tonumber(ARGV[1]), id)
        return { id, redis.call('HGET', KEYS[2], id), string.format('%.0f', redis.call('HINCRBY', KEYS[5], id, 1)), token,
          redis.call('HGET', KEYS[6], id .. ':first') }
        """;

    // ARGV: id, token, job key, '1' where a running twin does the same work, wait until it is looked at again, field of the repository.
    // The repository's field is left behind when its job is gone: then it names no lease, which says as much.
    public const string Begin = Common + """
        local id, key = ARGV[1], ARGV[3]
        if not holds(id, ARGV[2]) then
          return 'Lost'
        end
        local twin = redis.call('HGET', KEYS[8], key)
        if twin and twin ~= id and redis.call('HEXISTS', KEYS[2], twin) == 1 then
          if ARGV[4] == '1' or not redis.call('ZSCORE', KEYS[3], twin) then
            redis.call('HINCRBY', KEYS[11], 'duplicates', 1)
            forget(id)
            return 'Duplicate'
          end
        end
        local other = redis.call('HGET', KEYS[8], ARGV[6])
        if other and other ~= id and redis.call('ZSCORE', KEYS[3], other) then
          redis.call('ZREM', KEYS[3], id)
          redis.call('HDEL', KEYS[6], id)
          redis.call('HINCRBY', KEYS[5], id, -1)
          redis.call('ZADD', KEYS[4], now + tonumber(ARGV[5]), id)
          return 'Later'
        end
        redis.call('HSET', KEYS[8], ARGV[6], id)
        redis.call('HSET', KEYS[8], key, id)
        redis.call('HSET', KEYS[9], id, key)
        return 'Do'
        """;

    // ARGV: id, token, lease.
    public const string Heartbeat = Common + """
        if not holds(ARGV[1], ARGV[2]) then
          return 0
        end
        redis.call('ZADD', KEYS[3], now + tonumber(ARGV[3]), ARGV[1])
        return 1
        """;

    // ARGV: id, token.
    public const string Complete = Common + """
        if not holds(ARGV[1], ARGV[2]) then
          return 0
        end
        forget(ARGV[1])
        redis.call('HINCRBY', KEYS[11], 'completed', 1)
        return 1
        """;

    // ARGV: id, token, reason, most deliveries (0: no further one), first wait, longest wait.
    public const string Fail = Common + """
        if not holds(ARGV[1], ARGV[2]) then
          return 0
        end
        retry(ARGV[1], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[3])
        return 1
        """;

    // ARGV: id, token. What was not begun in earnest is not counted.
    public const string GiveBack = Common + """
        if not holds(ARGV[1], ARGV[2]) then
          return 0
        end
        redis.call('ZREM', KEYS[3], ARGV[1])
        redis.call('HDEL', KEYS[6], ARGV[1])
        redis.call('HINCRBY', KEYS[5], ARGV[1], -1)
        redis.call('ZADD', KEYS[4], now, ARGV[1])
        return 1
        """;

    // In one, so that no job is seen twice or nowhere.
    public const string Status = """
        return { redis.call('LLEN', KEYS[1]), redis.call('ZCARD', KEYS[3]), redis.call('ZCARD', KEYS[4]), redis.call('HLEN', KEYS[7]),
          tonumber(redis.call('HGET', KEYS[11], 'completed') or 0), tonumber(redis.call('HGET', KEYS[11], 'duplicates') or 0) }
        """;

    // ARGV: id, '1' to try it again or '0' to drop it.
    public const string Exhume = """
        local letter = redis.call('HGET', KEYS[7], ARGV[1])
        if not letter then
          return 0
        end
        if ARGV[2] == '1' then
          redis.call('LPUSH', KEYS[1], cjson.decode(letter).payload)
        end
        redis.call('HDEL', KEYS[7], ARGV[1])
        return 1
        """;
}
