namespace Tessera.Music.Retrieval;

/// <summary>Numbers for the tokens of an index, in the order of their first coming; it grows and never forgets.</summary>
internal sealed class TokenTable
{
    private readonly Lock _writing = new();
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _tokens = [];

    public int IdOf(string token)
    {
        lock (_writing)
        {
            if (_ids.TryGetValue(token, out int id))
                return id;
            _ids.Add(token, _tokens.Count);
            _tokens.Add(token);
            return _tokens.Count - 1;
        }
    }

    public string[] Snapshot()
    {
        lock (_writing)
            return [.. _tokens];
    }
}
