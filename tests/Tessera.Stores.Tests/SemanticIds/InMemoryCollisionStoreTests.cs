using Tessera.SemanticIds.Uniqueness;

namespace Tessera.Stores.Tests.SemanticIds;

public sealed class InMemoryCollisionStoreTests : CollisionStoreContract
{
    protected override bool IsKept => false;

    [Fact]
    public void Ids_that_were_given_before_are_taken_in()
    {
        using var store = new InMemoryCollisionStore([new IdAssignment("a", "1-1"), new IdAssignment("b", "1-1-1")]);
        Assert.Equal(["1-1-2", "1-1-1"], Assign(store, ("c", "1-1"), ("b", "7-7")));
    }

    [Theory]
    [InlineData("a", "2-2")]
    [InlineData("b", "1-1")]
    public void An_item_or_an_id_that_stands_twice_in_them_is_refused(string item, string id)
    {
        Assert.Throws<ArgumentException>(() => new InMemoryCollisionStore([new IdAssignment("a", "1-1"), new IdAssignment(item, id)]));
    }

    protected override ICollisionStore OpenAnother() => new InMemoryCollisionStore();
}
