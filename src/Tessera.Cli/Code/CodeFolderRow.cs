namespace Tessera.Cli.Code;

/// <summary>A folder that a broad question is about.</summary>
internal sealed record CodeFolderRow(string Folder, double Score);
