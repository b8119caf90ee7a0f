using Tessera.Cli.Hosting;
using Tessera.Vectors;

namespace Tessera.Cli.Cluster;

/// <summary>What a method of <c>cluster</c> works on.</summary>
/// <param name="Context">The command line.</param>
/// <param name="Input">The file.</param>
/// <param name="Vectors">Its vectors, or the sample of them.</param>
/// <param name="IsWhole">Whether they are all of the file's.</param>
/// <param name="CancellationToken">Stops the work.</param>
internal sealed record ClusterJob(CommandContext Context, VectorReader Input, Matrix Vectors, bool IsWhole, CancellationToken CancellationToken);
