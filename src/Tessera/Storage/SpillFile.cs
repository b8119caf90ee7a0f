using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tessera.Storage;

/// <summary>
/// A temporary file for what does not belong into memory: filled by plain writes, read through mappings. It loses its name as
/// soon as it is open (on Windows the system deletes it when it is closed), so that nothing is left of it however the
/// process ends; the disk has its room back once it is disposed, or nothing refers to it any more.
/// </summary>
internal sealed class SpillFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string _folder;
    private readonly List<FileMapping> _mappings = [];

    /// <param name="file">Open to read and write; belongs to this from then on.</param>
    /// <param name="folder">Where it lies, for messages.</param>
    internal SpillFile(SafeFileHandle file, string folder) => (_file, _folder) = (file, folder);

    /// <param name="folder">Where the file will lie; null for the system's folder for temporary files.</param>
    /// <exception cref="IOException">There is no such folder, or it cannot be written to.</exception>
    public static SpillFile Create(string? folder)
    {
        folder = Path.GetFullPath(folder ?? Path.GetTempPath());
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"{folder}: no such folder to keep vectors in; name another (BuildOptions.SpillFolder; --spill on the command line).");
        string path = Path.Combine(folder, $"tessera-{Path.GetRandomFileName()}.spill");
        SafeFileHandle file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return new SpillFile(file, folder);
    }

    /// <summary>Writes values.</summary>
    /// <param name="offset">Bytes from the start of the file.</param>
    /// <param name="values">Any number.</param>
    /// <exception cref="IOException">The disk is full, or fails; what was written before stays.</exception>
    public void Write<T>(long offset, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        const int Piece = 1 << 20;
        try
        {
            while (!values.IsEmpty)
            {
                ReadOnlySpan<T> piece = values[..Math.Min(Piece, values.Length)];
                ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(piece);
                RandomAccess.Write(_file, bytes, offset);
                offset += bytes.Length;
                values = values[piece.Length..];
            }
        }
        catch (IOException failure)
        {
            throw new IOException($"{_folder}: the vectors of the index do not fit there; make room, or name a folder on another disk (BuildOptions.SpillFolder; --spill on the command line). {failure.Message}", failure);
        }
    }

    /// <summary>Maps values, written or not: the file is as long afterwards as they need, by a hole where nothing was written.</summary>
    /// <param name="offset">Bytes from the start of the file.</param>
    /// <param name="count">Values, at least 1.</param>
    public unsafe ReadOnlyMemory<T> Map<T>(long offset, int count)
        where T : unmanaged
    {
        long bytes = (long)count * sizeof(T);
        if (RandomAccess.GetLength(_file) < offset + bytes)
            RandomAccess.SetLength(_file, offset + bytes);
        FileMapping mapping = FileMapping.OpenPart(_file, offset, bytes);
        mapping.ExpectRandomReads(0, bytes);
        _mappings.Add(mapping);
        return mapping.Slice<T>(0, count);
    }

    public void Dispose()
    {
        foreach (FileMapping mapping in _mappings)
            mapping.Dispose();
        _file.Dispose();
    }
}
