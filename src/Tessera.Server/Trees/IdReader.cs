using Tessera.SemanticIds;

namespace Tessera.Server.Trees;

/// <summary>Reads ids in both ways of writing them: <c>12-5</c> and <c>&lt;a_12&gt;&lt;b_5&gt;</c>.</summary>
internal static class IdReader
{
    public static int[]? Parse(string id) => SemanticIdFormat.Plain.Parse(id) ?? SemanticIdFormat.Tokens.Parse(id);
}
