using Tessera.Storage;

namespace Tessera.Vectors;

/// <summary>Gives the lines of a text file that hold anything, through one buffer that grows to the longest.</summary>
internal sealed class CsvLines : IDisposable
{
    private const int FirstBuffer = 1 << 20;
    private const int LongestLine = 1 << 28;
    private readonly FileStream _file;
    private readonly string _path;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private bool _atEnd;

    public CsvLines(string path)
    {
        _path = path;
        _file = new FileStream(InputFile.Open(path), FileAccess.Read, bufferSize: 0);
        _buffer = new byte[Math.Min(FirstBuffer, _file.Length + 1)];
    }

    /// <summary>The number of the last line given, from 1, empty lines counted.</summary>
    public long Number { get; private set; }

    /// <summary>Where in the file the last line given begins.</summary>
    public long Offset { get; private set; }

    public void Rewind()
    {
        _file.Position = 0;
        _start = _end = 0;
        _atEnd = false;
        Number = 0;
    }

    /// <summary>The next line that is not blank, without its end; valid until the next call.</summary>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        while (NextRaw(out line))
        {
            Number++;
            Offset = _file.Position - _end + _start - line.Length;
            if (Number == 1 && line.StartsWith("\uFEFF"u8))
            {
                line = line[3..];
                Offset += 3;
            }
            if (!line.Trim(" \t\r\n"u8).IsEmpty)
                return true;
        }
        return false;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The next line with its end.</summary>
    private bool NextRaw(out ReadOnlySpan<byte> line)
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0 || (_atEnd && _end > _start))
            {
                int taken = length >= 0 ? searched + length + 1 : _end - _start;
                line = _buffer.AsSpan(_start, taken);
                _start += taken;
                return true;
            }
            if (_atEnd)
            {
                line = default;
                return false;
            }
            searched = _end - _start;
            Fill();
        }
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
        {
            if (_end >= LongestLine)
                throw new TesseraFormatException(
                    _path, $"line {Number + 1}", _file.Position - _end, $"the line is longer than {LongestLine} bytes; this is not a file of vectors.");
            Array.Resize(ref _buffer, _end * 2);
        }
        int read = _file.Read(_buffer, _end, _buffer.Length - _end);
        _atEnd = read == 0;
        _end += read;
    }
}
