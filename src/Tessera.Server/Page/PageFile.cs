namespace Tessera.Server.Page;

/// <summary>A file of the page.</summary>
internal sealed record PageFile(byte[] Bytes, string ContentType, string ETag);
