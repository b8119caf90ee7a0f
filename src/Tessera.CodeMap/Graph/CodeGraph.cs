using Tessera.CodeMap.Entities;

namespace Tessera.CodeMap.Graph;

/// <summary>Which entities mention which others, by name: without a compiler, so a name that several entities bear is shared among those that are nearest to the mention.</summary>
internal static class CodeGraph
{
    // A name that more entities bear than this says nothing of which one is meant: ToString, Dispose, Get.
    private const int MostBearers = 8;

    /// <summary>Finds the edges.</summary>
    /// <param name="entities">All entities.</param>
    /// <param name="mentions">The names that each one mentions.</param>
    /// <param name="cancellationToken">Stops between entities.</param>
    /// <returns>Edges in the order of the entities that mention, each pair once.</returns>
    public static CodeEdge[] Edges(IReadOnlyList<CodeEntity> entities, IReadOnlyList<string[]> mentions, CancellationToken cancellationToken)
    {
        var bearers = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (int i = 0; i < entities.Count; i++)
        {
            // A constructor is mentioned by its type's name, which finds the type.
            if (entities[i].Kind is EntityKind.Constructor or EntityKind.Finalizer or EntityKind.Program or EntityKind.Part)
                continue;
            if (!bearers.TryGetValue(entities[i].Name, out List<int>? known))
                bearers[entities[i].Name] = known = [];
            known.Add(i);
        }

        var edges = new List<CodeEdge>();
        for (int from = 0; from < entities.Count; from++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (string name in mentions[from])
            {
                if (!bearers.TryGetValue(name, out List<int>? all))
                    continue;
                int[] meant = Nearest(entities, from, all);
                if (meant.Length > MostBearers)
                    continue;
                foreach (int to in meant)
                {
                    if (to != from)
                        edges.Add(new CodeEdge(from, to, 1f / meant.Length));
                }
            }
        }

        return [.. edges];
    }

    /// <summary>Of the entities that bear a name those of the same type, or else of the same file, or else of the same folder, or else all.</summary>
    private static int[] Nearest(IReadOnlyList<CodeEntity> entities, int from, List<int> all)
    {
        if (all.Count == 1)
            return [all[0]];
        CodeEntity here = entities[from];
        string type = here.IsType ? Join(here.Scope, here.Name) : here.Scope;
        ReadOnlySpan<Func<CodeEntity, bool>> circles =
        [
            there => there.Path == here.Path && there.Scope == type,
            there => there.Path == here.Path,
            there => Folder(there.Path) == Folder(here.Path),
        ];
        foreach (Func<CodeEntity, bool> circle in circles)
        {
            int[] within = [.. all.Where(to => circle(entities[to]))];
            if (within.Length > 0)
                return within;
        }

        return [.. all];
    }

    private static string Join(string scope, string name) => scope.Length == 0 ? name : $"{scope}.{name}";

    private static string Folder(string path) => path[..(path.LastIndexOf('/') + 1)];
}
