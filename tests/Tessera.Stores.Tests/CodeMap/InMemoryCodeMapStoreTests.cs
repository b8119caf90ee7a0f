using Tessera.CodeMap.Storage;

namespace Tessera.Stores.Tests.CodeMap;

public sealed class InMemoryCodeMapStoreTests : CodeMapStoreContract
{
    protected override Task<ICodeMapStore> OpenAsync() => Task.FromResult<ICodeMapStore>(new InMemoryCodeMapStore());
}
