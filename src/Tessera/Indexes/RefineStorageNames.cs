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
}
