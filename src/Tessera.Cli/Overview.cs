namespace Tessera.Cli;

/// <summary>What <c>tessera</c> alone says.</summary>
internal static class Overview
{
    public const string Text = """
        tessera - clusters vectors, gives them short codes and searches them

        Usage: tessera COMMAND [options]

        Commands:
          index build    make an index from a file of vectors
          index search   find the nearest vectors to queries
          index eval     measure recall, throughput and latency
          index tune     find the cheapest setting that reaches a recall
          index info     say what an index file holds
          cluster        group vectors by k-means, in equal sizes, or as a mixture
          code ...       map a code base: build, query, tree, show, layers, eval, worker, mcp
          colors ...     find images by colour: index, search, palette, info, bench, tune
          ids ...        semantic ids: fit, encode, find, evaluate, sweep
          kv ...         attention through an index over the KV cache: bench, eval
          music ...      style packs: tokenize, index, retrieve, train, sample, eval, show
          serve          show what was built in the browser, and answer over HTTP
          demo           map a tree of sources, ask it questions, index it

        Examples:
          tessera index build base.npy --spec IVF256,PQ56 --out base.tsr
          tessera index search base.tsr --queries queries.npy -k 10 --probes 8
          tessera cluster base.npy -k 256 --out centroids.npy

        Vector files: .npy, .fvecs, .bvecs, .ivecs, .csv, IDX (*-ubyte, also .gz).
        Every command takes --json, --quiet, --verbose, and --help for its options.

        """;
}
