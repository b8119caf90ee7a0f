using Tessera.Music.Evaluation;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;
using Tessera.Vectors;

namespace Tessera.Music.Models;

/// <summary>
/// Generates music token by token: the model's logits, biased by what is retrieved, cut down to what the grammar allows, then drawn by
/// temperature from the nucleus (Holtzman et al., 2020). What comes out always decodes, at whatever token it ends. One sampler serves one thread.
/// </summary>
public sealed class Sampler
{
    private readonly ITokenModel _model;
    private readonly RetrievalFusion? _fusion;
    private readonly CopyGuard? _guard;
    private readonly TokenGrammar _grammar;
    private readonly bool[] _allowed;
    private readonly float[] _logits;
    private readonly float[] _keys;
    private readonly int[] _order;

    /// <summary>Makes a sampler.</summary>
    /// <param name="model">What may come next.</param>
    /// <param name="fusion">The bias, over the same vocabulary, or null for none.</param>
    /// <param name="copyGuard">Where music must not be copied from, for <see cref="SamplingOptions.MaxCopy"/>; null where there is no limit.</param>
    /// <exception cref="ArgumentException">The fusion has another vocabulary.</exception>
    public Sampler(ITokenModel model, RetrievalFusion? fusion = null, CopyGuard? copyGuard = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (fusion is not null && !fusion.Vocabulary.Tokens.SequenceEqual(model.Vocabulary.Tokens))
            throw new ArgumentException("The fusion is over another vocabulary than the model; make it with the model's.", nameof(fusion));
        _model = model;
        _fusion = fusion;
        _guard = copyGuard;
        _grammar = new TokenGrammar(model.Vocabulary);
        _allowed = new bool[model.Vocabulary.Count];
        _logits = new float[model.Vocabulary.Count];
        _keys = new float[model.Vocabulary.Count];
        _order = new int[model.Vocabulary.Count];
    }

    /// <summary>Generates behind a prompt.</summary>
    /// <param name="prompt">Tokens such as <c>STYLE=rock TEMPO=120 METER=4/4 GRID=12 PROGRAM=DRUMS BAR</c>; those that the model lacks are kept, but say nothing to it.</param>
    /// <param name="options">Length, temperature, nucleus, seed; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between tokens.</param>
    /// <returns>The prompt and what was generated, up to the last note that is complete.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or a limit on copies is given without anything to compare with.</exception>
    public string[] Generate(IReadOnlyList<string> prompt, SamplingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        options ??= new SamplingOptions();
        options.Validate();
        if (options.MaxCopy > 0 && _guard is null)
            throw new ArgumentException("A limit on copies needs a CopyGuard over the pieces that must not be copied.", nameof(options));
        var random = new SeededRandom(options.Seed);
        var generated = new int[Math.Max(options.MaxLength, prompt.Count)];
        int length = 0, complete = prompt.Count;
        _grammar.Reset();
        foreach (string token in prompt)
        {
            generated[length] = _model.Vocabulary.IdOf(token);
            _grammar.Advance(generated[length++]);
        }

        while (length < options.MaxLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int next = Next(generated.AsSpan(0, length), options, ref random, prompt.Count);
            if (next < 0)
                break;
            generated[length++] = next;
            _grammar.Advance(next);
            if (_grammar.IsComplete)
                complete = length;
        }

        return [.. prompt, .. _model.Vocabulary.Decode(generated.AsSpan(prompt.Count, complete - prompt.Count))];
    }

    private int Next(ReadOnlySpan<int> generated, SamplingOptions options, ref SeededRandom random, int promptLength)
    {
        _model.Predict(generated, _logits);
        _fusion?.ApplyRetrievalBias(_logits, generated);
        if (_grammar.Allow(_allowed) == 0)
            return -1;
        if (options.MaxCopy > 0)
            _guard!.Forbid(generated[promptLength..], options.MaxCopy, _allowed);
        int count = 0;
        for (int token = 0; token < _logits.Length; token++)
        {
            // Descending order through ascending keys.
            if (_allowed[token] && _logits[token] > float.NegativeInfinity)
                (_keys[count], _order[count++]) = (-_logits[token], token);
        }

        if (count == 0)
            return -1;
        Array.Sort(_keys, _order, 0, count);
        return options.Temperature == 0 ? _order[0] : Draw(count, options, ref random);
    }

    /// <summary>Draws from the least number of tokens that have the probability top-p together.</summary>
    private int Draw(int count, SamplingOptions options, ref SeededRandom random)
    {
        double sum = 0;
        float best = _keys[0];
        for (int i = 0; i < count; i++)
            sum += _keys[i] = MathF.Exp((best - _keys[i]) / options.Temperature);
        double nucleus = 0;
        int kept = 0;
        while (kept < count && (kept == 0 || nucleus < options.TopP * sum))
            nucleus += _keys[kept++];
        double drawn = random.NextDouble() * nucleus;
        for (int i = 0; i < kept; i++)
        {
            drawn -= _keys[i];
            if (drawn < 0)
                return _order[i];
        }

        return _order[kept - 1];
    }
}
