namespace Tessera.Indexes;

/// <summary>Opens whichever index a file holds.</summary>
internal static class IndexFile
{
    public static VectorIndex Open(string path) => throw new NotImplementedException();
}
