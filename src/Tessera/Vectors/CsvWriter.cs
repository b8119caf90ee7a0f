using System.Globalization;
using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>Writes vectors as text, each number in the fewest digits that read back as the same float32.</summary>
internal sealed class CsvWriter(AtomicFile file, long rows, int dimension) : VectorWriter(file, rows, dimension)
{
    private const int LongestNumber = 32;
    private readonly byte[] _buffer = new byte[1 << 16];

    private protected override void WriteRows(ReadOnlySpan<float> rows)
    {
        int used = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (used > _buffer.Length - LongestNumber)
            {
                Stream.Write(_buffer, 0, used);
                used = 0;
            }
            rows[i].TryFormat(_buffer.AsSpan(used), out int written, default, CultureInfo.InvariantCulture);
            used += written;
            _buffer[used++] = (i + 1) % Dimension == 0 ? (byte)'\n' : (byte)',';
        }
        Stream.Write(_buffer, 0, used);
    }
}
