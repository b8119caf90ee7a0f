using System.Runtime.InteropServices;

namespace Tessera.CodeMap.Layers;

/// <summary>What a cluster is made of, in words: for each token the share that it has in the members' vectors, and in how many it stands.</summary>
internal sealed class TermProfile
{
    private readonly Dictionary<ulong, Share> _terms = [];

    /// <param name="Weight">Sum over the members of the token's coordinate in a vector of length 1.</param>
    /// <param name="Members">Members that hold the token.</param>
    internal record struct Share(float Weight, int Members);

    public int Members { get; private set; }

    public IReadOnlyDictionary<ulong, Share> Terms => _terms;

    public void AddMember() => Members++;

    public void AddTerm(ulong token, float weight)
    {
        ref Share share = ref CollectionsMarshal.GetValueRefOrAddDefault(_terms, token, out _);
        share.Weight += weight;
        share.Members++;
    }

    public void Add(TermProfile other)
    {
        Members += other.Members;
        foreach (var (token, added) in other._terms)
        {
            ref Share share = ref CollectionsMarshal.GetValueRefOrAddDefault(_terms, token, out _);
            share.Weight += added.Weight;
            share.Members += added.Members;
        }
    }

    public Share this[ulong token] => _terms.GetValueOrDefault(token);
}
