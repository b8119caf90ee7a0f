using StackExchange.Redis;
using Tessera.SemanticIds.Uniqueness;
using Tessera.Stores.SemanticIds;

namespace Tessera.Stores.Tests.SemanticIds;

public sealed class RedisCollisionStoreTests(RedisServer server) : CollisionStoreContract, IClassFixture<RedisServer>
{
    private readonly string _prefix = $"test:{Guid.NewGuid():N}";

    protected override bool IsLazy => false;

    [Fact]
    public void A_key_of_another_kind_is_named()
    {
        string address = server.Require();
        using (ConnectionMultiplexer connection = ConnectionMultiplexer.Connect(address))
            connection.GetDatabase().StringSet($"{_prefix}:items", "not a table");
        using ICollisionStore store = OpenAnother();
        Assert.Contains($"{_prefix}:items", Assert.Throws<IOException>(() => Assign(store, ("a", "1-1"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_there_is_named()
    {
        Assert.Contains("127.0.0.1:1", Assert.Throws<IOException>(() => new RedisCollisionStore("127.0.0.1:1,connectTimeout=500,connectRetry=1")).Message, StringComparison.Ordinal);
    }

    protected override ICollisionStore OpenAnother() => new RedisCollisionStore(server.Require(), _prefix);
}
