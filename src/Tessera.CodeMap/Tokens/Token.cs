namespace Tessera.CodeMap.Tokens;

/// <summary>One token of a word: a part's stem, or two neighbouring parts joined (<c>topk</c> of <c>SelectTopK</c>).</summary>
/// <param name="Hash">Hash of the stem.</param>
/// <param name="Surface">The letters as they were written.</param>
/// <param name="Left">Of a pair, the hash of its left part; else 0.</param>
/// <param name="Right">Of a pair, the hash of its right part; else 0.</param>
/// <param name="Joint">Of a pair, where in <paramref name="Surface"/> the right part begins; else 0.</param>
internal readonly record struct Token(ulong Hash, string Surface, ulong Left = 0, ulong Right = 0, int Joint = 0)
{
    /// <summary>Whether it joins two parts.</summary>
    public bool IsPair => Left != 0;
}
