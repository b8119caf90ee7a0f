namespace Tessera.Indexes;

/// <summary>How the rotation in front of an index is made.</summary>
internal enum RotationKind
{
    /// <summary>Learned for product codes (OPQ).</summary>
    Optimised,

    /// <summary>Drawn at random.</summary>
    Random,

    /// <summary>Onto the directions in which vectors are longest.</summary>
    Principal,
}
