using System.Globalization;
using System.Text;
using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>
/// Reads vectors from text: a row on each line, numbers apart by commas, points for decimals. A first line without any
/// number is a header and passed over; so are blank lines. Opening reads the file once to count its rows.
/// </summary>
internal sealed class CsvReader : VectorReader
{
    private readonly CsvLines _lines;
    private readonly bool _hasHeader;
    private long _next;

    private CsvReader(string path, CsvLines lines, bool hasHeader, long rows, int dimension)
        : base(path, rows, dimension)
    {
        _lines = lines;
        _hasHeader = hasHeader;
        _next = rows;
    }

    public static CsvReader Open(string path)
    {
        var lines = new CsvLines(path);
        try
        {
            bool hasHeader = lines.Next(out ReadOnlySpan<byte> line) && !HasNumber(line);
            if (hasHeader)
                lines.Next(out line);
            int dimension = 1 + line.Count((byte)',');
            long rows = 0;
            for (bool any = !line.IsEmpty; any; any = lines.Next(out line))
                rows++;
            return rows > 0
                ? new CsvReader(path, lines, hasHeader, rows, dimension)
                : throw new TesseraFormatException(path, $"line {lines.Number}", lines.Offset, "the file has no rows of numbers; at least one vector is needed.");
        }
        catch
        {
            lines.Dispose();
            throw;
        }
    }

    private protected override void ReadRows(long first, Span<float> rows)
    {
        if (first < _next)
        {
            _lines.Rewind();
            if (_hasHeader)
                NextLine();
            _next = 0;
        }
        for (; _next < first; _next++)
            NextLine();
        for (; rows.Length > 0; rows = rows[Dimension..])
        {
            ReadOnlySpan<byte> line = NextLine();
            // Counted before it is parsed: after a refusal the next read then knows that it has to go back.
            _next++;
            Parse(line, rows[..Dimension]);
        }
    }

    protected override void Dispose(bool disposing) => _lines.Dispose();

    private static bool HasNumber(ReadOnlySpan<byte> line)
    {
        foreach (Range field in line.Split((byte)','))
        {
            if (float.TryParse(line[field], NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                return true;
        }
        return false;
    }

    private ReadOnlySpan<byte> NextLine() => _lines.Next(out ReadOnlySpan<byte> line)
        ? line
        : throw new TesseraFormatException(Path, $"line {_lines.Number}", _lines.Offset, "the file ends before its last row; it has changed since it was opened.");

    private void Parse(ReadOnlySpan<byte> line, Span<float> row)
    {
        int column = 0;
        foreach (Range range in line.Split((byte)','))
        {
            if (column == row.Length)
                throw Error(0, column, $"there are {1 + line.Count((byte)',')} columns where the first row has {row.Length}.");
            ReadOnlySpan<byte> field = line[range];
            if (!float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
                throw Error(range.Start.Value, column, $"'{Shown(field)}' is not a number; columns are separated by commas, decimals by points.");
            if (!float.IsFinite(value))
                throw Error(range.Start.Value, column, "the number is NaN, infinite or too large for float32.");
            row[column++] = value;
        }
        if (column < row.Length)
            throw Error(0, column, $"there are {column} columns where the first row has {row.Length}.");
    }

    private TesseraFormatException Error(int at, int column, string problem) =>
        new(Path, $"line {_lines.Number}, column {column + 1}", _lines.Offset + at, problem);

    private static string Shown(ReadOnlySpan<byte> field)
    {
        const int Most = 40;
        string text = Encoding.UTF8.GetString(field[..Math.Min(field.Length, Most)]).Trim();
        return field.Length > Most ? text + "..." : text;
    }
}
