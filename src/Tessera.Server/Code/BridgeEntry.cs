using Tessera.Server.Trees;

namespace Tessera.Server.Code;

/// <summary>A mention that leads from one cluster to another.</summary>
internal sealed record BridgeEntry(EntityEntry From, EntityEntry To, TreeStep? Common, float Score);
