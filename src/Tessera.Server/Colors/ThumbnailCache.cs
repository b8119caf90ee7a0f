using System.Globalization;
using Microsoft.Extensions.Caching.Memory;
using Tessera.Colors.Collections;
using Tessera.Colors.Images;
using Tessera.Server.Hosting;

namespace Tessera.Server.Colors;

/// <summary>Makes thumbnails of images, and keeps those that were asked for last.</summary>
internal sealed class ThumbnailCache(ColorCollection collection) : IDisposable
{
    private const long MostBytes = 64 << 20;

    private readonly VipsImageDecoder _decoder = new();
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    /// <summary>A JPEG whose longer side has so many pixels at most.</summary>
    /// <exception cref="RequestException">The file is gone, or lies elsewhere.</exception>
    public byte[] Get(ImageEntry image, int size)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{image.ContentHash} {size}");
        if (_cache.TryGetValue(key, out byte[]? known))
            return known!;
        byte[] made;
        try
        {
            made = _decoder.EncodeThumbnail(ConfinedPath.Resolve(collection.Root ?? "", image.Path), size);
        }
        catch (ImageException exception)
        {
            throw RequestException.NotFound($"The image {image.Path} cannot be shown: {exception.Message}");
        }

        return _cache.Set(key, made, new MemoryCacheEntryOptions { Size = made.Length });
    }

    public void Dispose() => _cache.Dispose();
}
