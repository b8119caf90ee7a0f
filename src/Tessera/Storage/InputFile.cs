using Microsoft.Win32.SafeHandles;

namespace Tessera.Storage;

/// <summary>Opens files to read, with a clear message for what is no file.</summary>
internal static class InputFile
{
    /// <summary>Opens a file of at least one byte, which others may hold open, write or replace meanwhile.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TesseraFormatException">The path is a directory, or the file is empty.</exception>
    public static SafeFileHandle Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new TesseraFormatException(path, "file", 0, "this is a directory; give the name of a file in it.");
        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.GetLength(handle) > 0)
            return handle;
        handle.Dispose();
        throw new TesseraFormatException(path, "header", 0, "the file is empty.");
    }

    /// <summary>Fills the buffer from a place in the file, or as much of it as the file has.</summary>
    /// <returns>Bytes read.</returns>
    public static int Read(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        int total = 0;
        while (total < buffer.Length && RandomAccess.Read(file, buffer[total..], offset + total) is int read and > 0)
            total += read;
        return total;
    }

    /// <summary>Fills the buffer from a stream, which may be compressed; what fails is reported with the place.</summary>
    /// <exception cref="TesseraFormatException">The stream ends before, or its compressed data is damaged.</exception>
    public static void ReadExactly(Stream stream, Span<byte> buffer, string path, string section, long offset)
    {
        try
        {
            stream.ReadExactly(buffer);
        }
        catch (EndOfStreamException)
        {
            throw new TesseraFormatException(path, section, offset, "the file is cut short.");
        }
        catch (InvalidDataException damage)
        {
            throw new TesseraFormatException(path, section, offset, $"the compressed data is damaged: {damage.Message}");
        }
    }
}
