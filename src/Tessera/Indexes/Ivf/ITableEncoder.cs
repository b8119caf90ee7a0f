namespace Tessera.Indexes;

/// <summary>Codes vectors by <see cref="TableCodes"/>, for one thread.</summary>
internal interface ITableEncoder : IDisposable
{
    /// <summary>Codes rows to one number for each part.</summary>
    void Encode(ReadOnlySpan<float> rows, int count, Span<ushort> numbers);
}
