using Tessera.Indexes;

namespace Tessera.Cli.Index;

/// <summary>Writes an index that was changed to a file that may be the one that it is mapped from.</summary>
internal static class IndexRewrite
{
    /// <summary>Saves and disposes of the index. The target is the old file or the whole new one.</summary>
    public static void Save(VectorIndex index, string target)
    {
        string temporary = $"{target}.{Path.GetRandomFileName()}.tmp";
        try
        {
            index.Save(temporary);
            // A mapped file cannot be replaced everywhere.
            index.Dispose();
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
