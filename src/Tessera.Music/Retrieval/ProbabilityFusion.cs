using Tessera.Music.Tokens;

namespace Tessera.Music.Retrieval;

/// <summary>Mixes the model's probabilities with those of three sources. See <see cref="FusionMode.Probability"/> and <see cref="FusionWeights"/>.</summary>
internal sealed class ProbabilityFusion
{
    // Places that are looked at for a context: enough for the shares of frequent tokens, few enough for microseconds.
    private const int PlacesEach = 384;

    // Own past that is looked through, about ten bars.
    private const int Past = 1024;

    private readonly RetrievalConfig _config;
    private readonly GenreSource? _parent;
    private readonly GenreSource? _child;
    private readonly SimilarBars _similar;
    private readonly int[] _toIndex;
    private readonly int[] _toVocabulary;
    private readonly int[] _context = new int[ContextOrder.MaxDepth];
    private readonly ContextMatch[] _matches = new ContextMatch[4 * PlacesEach];
    private readonly Evidence[] _evidence;
    private readonly float[] _weights;
    private readonly float[] _gates = new float[FusionWeights.Sources + 1];
    private readonly float _oddsFactor;

    public ProbabilityFusion(HierarchicalStyleIndex index, Vocabulary vocabulary, RetrievalConfig config, GenreIndex? parent, GenreIndex? child)
    {
        _config = config;
        _parent = parent is null ? null : new GenreSource(parent, parent.Contexts(index.Tokens), 1);
        _child = child is null ? null : new GenreSource(child, child.Contexts(index.Tokens), (1 + config.ChildBias) * child.Weight);
        string[] tokens = index.Tokens.Snapshot();
        _toVocabulary = vocabulary.Encode(tokens);
        // A token that the index lacks matches nothing there.
        _toIndex = new int[vocabulary.Count];
        Array.Fill(_toIndex, int.MaxValue);
        for (int i = 0; i < tokens.Length; i++)
        {
            if (_toVocabulary[i] >= 0)
                _toIndex[_toVocabulary[i]] = i;
        }

        _similar = new SimilarBars(index.Embedder, vocabulary, config.TopKPatterns);
        _evidence = [.. Enumerable.Range(0, FusionWeights.Sources).Select(_ => new Evidence(vocabulary.Count, _matches.Length))];
        _weights = [.. (config.Weights ?? FusionWeights.Default).Values];
        // At the weight 0.1 the odds are as they were learned.
        float weight = Math.Min(1, config.FusionWeight * (config.ChildGenre is null ? 1 : 1 + config.ChildBias));
        _oddsFactor = weight < 1 ? weight / (1 - weight) * 9 : float.PositiveInfinity;
    }

    /// <summary>What each source expects after the last <see cref="Gather"/>.</summary>
    public ReadOnlySpan<Evidence> Sources => _evidence;

    /// <summary>The shares of the model and of each source in the last mixture.</summary>
    public ReadOnlySpan<float> Gates => _gates;

    public bool Apply(Span<float> logits, ReadOnlySpan<int> generated)
    {
        if (_oddsFactor == 0)
            return false;
        Gather(generated);
        if (_evidence[0].Longest + _evidence[1].Longest + _evidence[2].Longest == 0)
            return false;
        float most = float.NegativeInfinity, sum = 0;
        foreach (float logit in logits)
            most = Math.Max(most, logit);
        // Everything is ruled out already.
        if (float.IsNegativeInfinity(most))
            return false;
        foreach (float logit in logits)
            sum += MathF.Exp(logit - most);
        float logSum = most + MathF.Log(sum);
        Weigh(1 / sum);
        Mix(logits, logSum);
        return true;
    }

    /// <summary>Asks all sources.</summary>
    public void Gather(ReadOnlySpan<int> generated)
    {
        ReadOnlySpan<int> context = generated[Math.Max(0, generated.Length - _context.Length)..];
        Span<int> translated = _context.AsSpan(0, context.Length);
        for (int i = 0; i < context.Length; i++)
            translated[i] = context[i] < 0 ? int.MaxValue : _toIndex[context[i]];
        AskGenre(translated);
        AskSimilar(generated, translated);
        AskPast(generated);
        if (_config.TemperatureScale == 1)
            return;
        foreach (Evidence evidence in _evidence)
            evidence.Sharpen(1 / _config.TemperatureScale);
    }

    /// <summary>What the gate of a source is fed.</summary>
    public static void Features(Evidence evidence, float modelTop, Span<float> features)
    {
        features[0] = 1;
        features[1] = MathF.Log2(1 + evidence.Longest);
        features[2] = evidence.Top;
        features[3] = modelTop;
        features[4] = evidence.Support;
    }

    private void AskGenre(ReadOnlySpan<int> context)
    {
        int count = _parent?.Contexts.Collect(context, _config.NgramSize, _parent.Weight, _matches.AsSpan(0, PlacesEach)) ?? 0;
        if (_child is not null)
            count += _child.Contexts.Collect(context, _config.NgramSize, _child.Weight, _matches.AsSpan(count, PlacesEach));
        Translate(count);
        _evidence[0].Blend(_matches.AsSpan(0, count));
    }

    private void AskSimilar(ReadOnlySpan<int> generated, ReadOnlySpan<int> context)
    {
        int count = 0;
        if (_similar.IsActive && !context.IsEmpty)
        {
            foreach (SimilarBars.Passage passage in _similar.Find(generated, _parent, _child))
            {
                ReadOnlySpan<int> text = passage.Genre.Contexts.Text[..passage.End];
                for (int at = passage.Start; at < passage.End - 1 && count < _matches.Length; at++)
                {
                    if (text[at] == context[^1])
                        AddMatch(text, at + 1, context, passage.Weight, ref count);
                }
            }
        }

        Translate(count);
        _evidence[1].Blend(_matches.AsSpan(0, count));
        _evidence[1].Support = _similar.Best;
    }

    private void AskPast(ReadOnlySpan<int> generated)
    {
        int count = 0;
        if (_config.OnlineLearning && generated.Length > 1)
        {
            ReadOnlySpan<int> past = generated[Math.Max(0, generated.Length - Past)..];
            for (int at = past.Length - 2; at >= 0 && count < _matches.Length; at--)
            {
                if (past[at] == past[^1] && past[at] >= 0)
                    AddMatch(past, at + 1, past, 1, ref count);
            }
        }

        _evidence[2].Blend(_matches.AsSpan(0, count));
    }

    private void AddMatch(ReadOnlySpan<int> text, int place, ReadOnlySpan<int> context, float weight, ref int count)
    {
        int common = 1, most = Math.Min(Math.Min(place, context.Length), ContextOrder.MaxDepth);
        while (common < most && text[place - common - 1] == context[^(common + 1)] && text[place - common - 1] >= 0)
            common++;
        if (common >= _config.NgramSize)
            _matches[count++] = new ContextMatch(text[place], common, weight);
    }

    private void Translate(int count)
    {
        foreach (ref ContextMatch match in _matches.AsSpan(0, count))
            match = match with { Token = match.Token < 0 ? -1 : _toVocabulary[match.Token] };
    }

    /// <summary>Shares out between the model and the sources that have something to say.</summary>
    private void Weigh(float modelTop)
    {
        Span<float> features = stackalloc float[FusionWeights.Features];
        float sum = _gates[0] = float.IsPositiveInfinity(_oddsFactor) ? 0 : 1;
        for (int source = 0; source < FusionWeights.Sources; source++)
        {
            float gate = 0;
            if (_evidence[source].Longest > 0)
            {
                Features(_evidence[source], modelTop, features);
                float odds = 0;
                for (int i = 0; i < features.Length; i++)
                    odds += _weights[source * FusionWeights.Features + i] * features[i];
                gate = MathF.Exp(Math.Clamp(odds, -20, 20)) * (float.IsPositiveInfinity(_oddsFactor) ? 1 : _oddsFactor);
            }

            _gates[source + 1] = gate;
            sum += gate;
        }

        for (int i = 0; i < _gates.Length; i++)
            _gates[i] /= sum;
    }

    /// <summary>Puts the logarithm of the mixture in place of each logit; what the caller has ruled out stays so.</summary>
    private void Mix(Span<float> logits, float logSum)
    {
        // Most tokens nobody but the model expects: their logits only sink.
        float logGate = MathF.Log(_gates[0]), shift = logGate - logSum;
        for (int token = 0; token < logits.Length; token++)
            logits[token] += shift;
        for (int source = 0; source < _evidence.Length; source++)
        {
            foreach (int token in _evidence[source].Tokens)
            {
                if (WasMixed(source, token))
                    continue;
                float retrieved = 0;
                for (int other = source; other < _evidence.Length; other++)
                    retrieved += _gates[other + 1] * _evidence[other][token];
                if (_gates[0] == 0 || logits[token] > float.NegativeInfinity)
                    logits[token] = MathF.Log(MathF.Exp(logits[token]) + retrieved);
            }
        }
    }

    private bool WasMixed(int source, int token)
    {
        for (int earlier = 0; earlier < source; earlier++)
        {
            if (_evidence[earlier][token] > 0)
                return true;
        }

        return false;
    }
}
