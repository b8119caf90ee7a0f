namespace Tessera.Indexes;

/// <summary>Where an index keeps the vectors by whose exact distances it ranks candidates anew.</summary>
public enum RefineStorage
{
    /// <summary>Nowhere: distances are those of the codes.</summary>
    None,

    /// <summary>In memory as they are: 4 bytes a number. Factory string <c>Refine</c>.</summary>
    Full,

    /// <summary>In memory, each number rounded to the nearest IEEE binary16, 2 bytes: distances to about three digits. Numbers beyond 65504 in size are refused. Factory string <c>Refine(fp16)</c>.</summary>
    Half,

    /// <summary>In a temporary file (<see cref="Quantization.BuildOptions.SpillFolder"/>) until the index is saved, then in the index file, as they are: for collections larger than memory. Factory string <c>Refine(mapped)</c>.</summary>
    Mapped,
}
