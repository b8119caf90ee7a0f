using Tessera.Kernels;
using Tessera.Quantization;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Compare;

/// <summary>Tessera's rotations, residual quantisers and scalar codes.</summary>
internal static class CodeTasks
{
    /// <summary>Codes whose distances are taken together, few enough to stay in the cache.</summary>
    private const int Block = 4096;

    public static Reply Run(Request request) => request.Task switch
    {
        TaskKind.Rotation => Rotate(request),
        TaskKind.Residual => TrainResidual(request),
        _ => Scan(request),
    };

    private static Reply Rotate(Request request)
    {
        Matrix vectors = request.Part;
        var options = new RotationOptions
        {
            Subquantizers = request.Parts,
            Outputs = request.Outputs,
            Iterations = request.Iterations,
            Seed = (ulong)request.Seed,
            Threads = request.Threads,
        };
        Rotation? rotation = null;
        double seconds = Clock.Once(() => rotation = Rotation.Train(vectors, options));
        return new Reply { Seconds = seconds, Centroids = rotation!.Matrix.Values.ToArray() };
    }

    private static Reply TrainResidual(Request request)
    {
        Matrix vectors = request.Part;
        var quantizer = new ResidualQuantizer(vectors.Dimension, request.Parts);
        double seconds = Clock.Once(() => quantizer.Train(vectors, new BuildOptions { Seed = (ulong)request.Seed, Threads = request.Threads }));
        return new Reply { Seconds = seconds, Centroids = quantizer.Codebooks.Values.ToArray() };
    }

    private static Reply Scan(Request request)
    {
        Matrix vectors = request.Part;
        var quantizer = new ScalarQuantizer(vectors.Dimension, request.Specification switch { "SQ8" => ScalarCode.EightBit, "SQfp16" => ScalarCode.Half, _ => ScalarCode.BFloat });
        quantizer.Train(vectors);
        var codes = new byte[(long)vectors.Rows * quantizer.CodeSize];
        quantizer.Encode(vectors, codes);
        var query = new ScalarQuery(vectors.Dimension);
        var distances = new float[Block];
        var ids = new int[request.QueryCount * request.Neighbours];
        double seconds = Clock.Passes(() =>
        {
            for (int q = 0; q < request.QueryCount; q++)
            {
                quantizer.Prepare(request.Data.Queries[q], request.Metric, query);
                Nearest(quantizer, query, codes, distances, ids.AsSpan(q * request.Neighbours, request.Neighbours));
            }
        }, request.Seconds);
        return new Reply { Seconds = seconds, Ids = ids };
    }

    private static void Nearest(ScalarQuantizer quantizer, ScalarQuery query, byte[] codes, float[] distances, Span<int> ids)
    {
        var top = new TopK(stackalloc Candidate[ids.Length]);
        int rows = codes.Length / quantizer.CodeSize;
        for (int start = 0; start < rows; start += Block)
        {
            Span<float> block = distances.AsSpan(0, Math.Min(Block, rows - start));
            quantizer.Distances(query, codes.AsSpan(start * quantizer.CodeSize, block.Length * quantizer.CodeSize), default, block);
            top.PushAll(block, start);
        }

        Span<Candidate> best = top.Sort();
        for (int i = 0; i < best.Length; i++)
            ids[i] = best[i].Ordinal;
    }
}
