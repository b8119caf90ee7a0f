namespace Tessera.Server.Tests.Page;

/// <summary>Tests that share the server and the browser, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PageTests : ICollectionFixture<PageFixture>
{
    public const string Name = "page";
}
