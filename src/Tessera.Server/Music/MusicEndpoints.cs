using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tessera.Music.Evaluation;
using Tessera.Music.Midi;
using Tessera.Music.Models;
using Tessera.Music.Packs;
using Tessera.Music.Retrieval;
using Tessera.Music.Tokens;
using Tessera.Server.Hosting;
using Tessera.Server.Loading;

namespace Tessera.Server.Music;

/// <summary>Retrieves patterns by style, and generates music.</summary>
internal static class MusicEndpoints
{
    private const int MostTokens = 2000;

    public static void Map(IEndpointRouteBuilder api, ServedSystems systems)
    {
        RouteGroupBuilder music = api.MapGroup("/music").WithTags("music");
        music.MapGet("/styles", () => Styles(Content(systems))).WithSummary("The styles there are.");
        music.MapGet("/retrieve", (string? query, string parent, string? child, float? bias, int? k) => Retrieve(Content(systems), query, parent, child, bias, k))
            .WithSummary("Patterns like some tokens, or like the first of a style.").Unchanging();
        music.MapGet("/sample", ([AsParameters] SampleQuery query, CancellationToken cancellationToken) => Sample(Content(systems), query, cancellationToken))
            .WithSummary("New music in a style.").Unchanging().RequireRateLimiting(RequestLimits.Heavy);
    }

    private static MusicContent Content(ServedSystems systems) => systems.Find(SystemKind.Music).Require<MusicContent>();

    private static Ok<StyleList> Styles(MusicContent content)
    {
        HierarchicalStyleIndex styles = content.Styles;
        return TypedResults.Ok(new StyleList(
            styles.Count,
            [.. styles.ParentGenres.Select(parent => new StyleParent(
                parent, styles.Patterns(parent).Count, [.. styles.ChildGenres(parent).Select(child => new StyleChild(child, styles.Patterns(parent, child).Count))]))],
            content.Model is not null));
    }

    private static Ok<RetrieveAnswer> Retrieve(MusicContent content, string? query, string parent, string? child, float? bias, int? k)
    {
        // Looked up in any case: a style that is not there is told at once.
        StylePattern first = content.FirstPattern(parent, child);
        int count = Check.Range(k, 1, 50, 5, "k");
        float preference = Check.Range(bias, 0, 1, 0.3f, "bias");
        IReadOnlyList<string> tokens = string.IsNullOrWhiteSpace(query)
            ? first.Tokens
            : Check.Text(query, 20_000, "query").Split([' ', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        if (tokens.Count > MostTokens)
            throw RequestException.Bad($"query has {tokens.Count} tokens; give at most {MostTokens}.");
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<ScoredPattern> found = content.Styles.RetrieveSimilarPatterns(tokens, parent, child, preference, count);
        double milliseconds = Elapsed.Milliseconds(start);
        return TypedResults.Ok(new RetrieveAnswer([.. found.Select(Entry)], milliseconds));
    }

    private static RetrievedPattern Entry(ScoredPattern found)
    {
        StylePattern pattern = found.Pattern;
        MusicPiece piece = MusicPiece.Of(Tokenizer.Decode(pattern.Tokens));
        return new RetrievedPattern(
            found.Score, pattern.Source, pattern.Bar, pattern.ParentGenre, pattern.ChildGenre, string.Join(' ', pattern.Tokens),
            piece.Tempo, piece.Meter, piece.Seconds, piece.Notes);
    }

    private static Ok<SampleAnswer> Sample(MusicContent content, SampleQuery query, CancellationToken cancellationToken)
    {
        ITokenModel model = content.Model
            ?? throw RequestException.NotFound("There is no model to generate with; train one with 'tessera music train' and give it with --model.");
        SamplingOptions options = query.Sampling();
        RetrievalConfig config = query.Retrieval(content.Weights);
        StylePattern first = content.FirstPattern(query.Family, query.Child);
        long start = Stopwatch.GetTimestamp();
        string[] prompt = [.. first.Tokens.TakeWhile(token => token is not "BAR" && MusicToken.TryParse(token, out MusicToken parsed) && parsed.IsHeader), "BAR"];
        var guard = new CopyGuard(content.Styles, model.Vocabulary);
        string[] tokens = new Sampler(model, new RetrievalFusion(content.Styles, model.Vocabulary, config), guard).Generate(prompt, options, cancellationToken);
        Score score = Tokenizer.Decode(tokens);
        MusicPiece piece = MusicPiece.Of(score);
        CopiedSpan copied = guard.Longest(model.Vocabulary.Encode(tokens[prompt.Length..]));
        return TypedResults.Ok(new SampleAnswer(
            query.Family, query.Child, query.SeedOrDefault, piece.Tempo, piece.Meter, piece.Seconds, tokens.Count(token => token == "BAR"), piece.Notes,
            string.Join(' ', tokens), Convert.ToBase64String(MidiFile.ToBytes(score)), new Copy(copied.Length, copied.Source, copied.Bar), Elapsed.Milliseconds(start)));
    }
}
