using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Tessera.Tests.Vectors;

/// <summary>Vector files made by hand, independently of the engine's writers.</summary>
internal static class VectorBytes
{
    public static byte[] Npy(string descr, string shape, ReadOnlySpan<byte> data, int version = 1, string fortran = "False")
    {
        string text = $"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n";
        return NpyOf(text, data, version);
    }

    public static byte[] NpyOf(string dictionary, ReadOnlySpan<byte> data, int version = 1)
    {
        byte[] text = Encoding.Latin1.GetBytes(dictionary);
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data];
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return memory.ToArray();
    }

    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] Ints(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
