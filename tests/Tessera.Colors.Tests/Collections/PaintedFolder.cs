using System.Globalization;
using Tessera.Colors.Images;
using Tessera.Colors.Spaces;

namespace Tessera.Colors.Tests.Collections;

/// <summary>A folder of "images" that are lines of colours and pixel counts, and the decoder of them, so that these tests need no library of images.</summary>
internal sealed class PaintedFolder : IImageDecoder, IDisposable
{
    private int _decoded;

    public string Root { get; } = Directory.CreateTempSubdirectory("tessera-colors-").FullName;

    /// <summary>Images that were decoded so far.</summary>
    public int Decoded => _decoded;

    public string this[string path] => Path.Combine(Root, path);

    /// <summary>Writes an image, as <c>#ff0000 60</c> and so on with commas between.</summary>
    public void Paint(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], text);
    }

    public DecodedImage Decode(string path, int longestSide = IImageDecoder.DefaultLongestSide) => Decode(File.ReadAllBytes(path), longestSide);

    public DecodedImage Decode(ReadOnlySpan<byte> encoded, int longestSide = IImageDecoder.DefaultLongestSide)
    {
        Interlocked.Increment(ref _decoded);
        var pixels = new List<byte>();
        foreach (string part in System.Text.Encoding.UTF8.GetString(encoded).Split(','))
        {
            string[] words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2 || !RgbColor.TryParseHex(words[0], out RgbColor color))
                throw new ImageException("this is no image");
            for (int i = int.Parse(words[1], CultureInfo.InvariantCulture); i > 0; i--)
                pixels.AddRange([color.R, color.G, color.B]);
        }

        int width = pixels.Count / 3;
        return new DecodedImage(pixels.ToArray(), width, 1, width, 1);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
