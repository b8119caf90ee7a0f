// Maps a folder of sources into one SQLite file, asks it, and brings it up to date: dotnet run --project samples/CodeMap -- FOLDER
using Tessera.CodeMap;
using Tessera.CodeMap.Layers;
using Tessera.CodeMap.Storage;
using Tessera.Stores.CodeMap;

string root = args.Length > 0 ? args[0] : ".";
await using ICodeMapStore store = await CodeMapStores.OpenAsync($"sqlite:{Path.Combine(Path.GetTempPath(), "tessera-sample.db")}");

var builder = new StoredMapBuilder(store, new StoredMapOptions { Map = new CodeMapOptions { Log = Console.WriteLine } });
BuildReport report = await builder.BuildAsync(root, "sample");
Console.WriteLine($"{report.Map.Entities.Count} methods and types; {report.FilesRead} files were read. Run it again: only what changed is.");
report.Map.Dispose();

using CodeMapSnapshot map = (await CodeMapReader.OpenAsync(store, "sample"))!;
foreach (CodeCluster cluster in map.Layers.Count == 0 ? [] : map.Layers[^1].Clusters)
    Console.WriteLine($"{cluster.Id}: {cluster.Label}, {cluster.Size} entities");
foreach (CodeAnswer answer in map.Retrieve("where are files read").Entities)
    Console.WriteLine($"{answer.Score:0.00} {answer.Entity.DisplayName} {answer.Entity.Path}:{answer.Entity.StartLine}");
