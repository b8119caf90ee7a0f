using System.CommandLine;

namespace Tessera.Benchmarks.Large;

/// <summary><c>large --vectors N</c>: an index larger than the memory that it may take.</summary>
internal static class LargeCommand
{
    public static Command Create()
    {
        var vectors = new Option<int>("--vectors") { Description = "Vectors, made from a seed.", DefaultValueFactory = _ => 10_000_000 };
        var dimension = new Option<int>("--dimension") { Description = "Numbers in each.", DefaultValueFactory = _ => 96 };
        var specification = new Option<string>("--spec") { Description = "The index.", DefaultValueFactory = _ => "IVF4096,PQ24x4fs,Refine(mapped)" };
        var queries = new Option<int>("--queries") { Description = "Queries, answered one at a time on one thread.", DefaultValueFactory = _ => 500 };
        var folder = new Option<string>("--folder") { Description = "Folder on a disk, with room for the vectors twice.", DefaultValueFactory = _ => Path.GetTempPath() };
        var target = new Option<string>("--out") { Description = "Folder for the table.", DefaultValueFactory = _ => "bench/results" };
        var command = new Command("large", "Builds an index of vectors that do not fit into memory, and searches it cold and warm. Needs Linux.") { vectors, dimension, specification, queries, folder, target };
        command.SetAction(parsed => Program.Guard(() => LargeRun.Execute(new LargeOptions
        {
            Vectors = parsed.GetValue(vectors),
            Dimension = parsed.GetValue(dimension),
            Specification = parsed.GetRequiredValue(specification),
            Queries = parsed.GetValue(queries),
            Folder = parsed.GetRequiredValue(folder),
            Out = parsed.GetRequiredValue(target),
        })));
        return command;
    }
}
