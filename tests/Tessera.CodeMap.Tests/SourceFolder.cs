using System.Text;

namespace Tessera.CodeMap.Tests;

/// <summary>A folder of files that is gone when the test ends.</summary>
internal sealed class SourceFolder : IDisposable
{
    public SourceFolder(params (string Path, string Text)[] files)
    {
        Root = Directory.CreateTempSubdirectory("tessera-codemap-").FullName;
        foreach (var (path, text) in files)
            Write(path, text);
    }

    public string Root { get; }

    public void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    public void Write(string path, byte[] bytes)
    {
        string full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }

    public CodeMapSnapshot Build(CodeMapOptions? options = null, IProgress<CodeMapProgress>? progress = null) =>
        CodeMapBuilder.Build(Root, options, progress, TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
