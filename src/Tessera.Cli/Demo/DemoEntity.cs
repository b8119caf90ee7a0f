using System.Globalization;
using Tessera.CodeMap.Entities;

namespace Tessera.Cli.Demo;

/// <summary>Where a piece of code is.</summary>
internal sealed record DemoEntity(string Id, string Path, int Line, int EndLine, string Kind, string Name)
{
    public static DemoEntity Of(CodeEntity entity) => new(
        entity.Id, entity.Path, entity.StartLine, entity.EndLine, entity.Kind.ToString().ToLower(CultureInfo.InvariantCulture), entity.DisplayName);
}
