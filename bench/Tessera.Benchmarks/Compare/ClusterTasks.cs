using Tessera.Clustering;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Compare;

/// <summary>Tessera's balanced clusters and mixtures.</summary>
internal static class ClusterTasks
{
    public static Reply Run(Request request) => request.Task switch
    {
        TaskKind.Balanced => Balanced(request),
        TaskKind.BalancedAssign => Assign(request),
        _ => Mixture(request),
    };

    private static Reply Balanced(Request request)
    {
        Matrix vectors = request.Part;
        var options = new BalancedKMeansOptions { Clusters = request.Clusters, Iterations = request.Iterations, Seed = (ulong)request.Seed, Threads = request.Threads };
        BalancedKMeansResult? result = null;
        double seconds = Clock.Once(() => result = BalancedKMeans.Fit(vectors, options));
        return new Reply { Seconds = seconds, Centroids = result!.Centroids.Values.ToArray(), Ids = [.. result.Assignments] };
    }

    private static Reply Assign(Request request)
    {
        Matrix vectors = request.Part;
        int[] clusters = [];
        double seconds = Clock.Once(() => clusters = BalancedAssignment.Even(vectors.Slice(0, request.Clusters), vectors, default, request.Threads));
        return new Reply { Seconds = seconds, Ids = clusters };
    }

    private static Reply Mixture(Request request)
    {
        Matrix vectors = request.Part;
        var options = new GaussianMixtureOptions
        {
            Components = request.Clusters,
            PrincipalDirections = request.Outputs,
            Covariance = request.Specification == "full" ? CovarianceShape.Full : CovarianceShape.Diagonal,
            Iterations = request.Iterations,
            Seed = (ulong)request.Seed,
            Threads = request.Threads,
        };
        GaussianMixtureModel? model = null;
        double seconds = Clock.Once(() => model = GaussianMixture.Fit(vectors, options));
        return new Reply { Seconds = seconds, Value = model!.LogLikelihood };
    }
}
