namespace Tessera.Indexes;

/// <summary>How the ways to keep vectors are written at the end of a factory string.</summary>
internal static class RefineStorageNames
{
    public static string Suffix(this RefineStorage storage) => storage switch
    {
        RefineStorage.Full => ",Refine",
        RefineStorage.Half => ",Refine(fp16)",
        RefineStorage.Mapped => ",Refine(mapped)",
        _ => "",
    };

    /// <summary>Reads what <see cref="Suffix"/> writes, in any case.</summary>
    public static RefineStorage Parse(ReadOnlySpan<char> suffix)
    {
        foreach (RefineStorage storage in (ReadOnlySpan<RefineStorage>)[RefineStorage.None, RefineStorage.Full, RefineStorage.Half, RefineStorage.Mapped])
        {
            if (suffix.Equals(storage.Suffix(), StringComparison.OrdinalIgnoreCase))
                return storage;
        }

        throw new ArgumentException($"'{suffix}' does not say how vectors are kept; use ,Refine, ,Refine(fp16) or ,Refine(mapped).", nameof(suffix));
    }
}
