using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tessera.Benchmarks.Compare;

/// <summary>A Python library in a process of its own, which keeps its data from one request to the next (peers/peer.py).</summary>
internal sealed class PythonRunner : IRunner
{
    /// <summary>Settings of OpenBLAS that machines set for other purposes; the first chooses slower kernels, the second smaller blocks.</summary>
    private static readonly string[] Hindrances = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Process _process;
    private readonly Greeting _greeting;

    /// <summary>Starts the interpreter and the library in it.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="library">faiss, hnswlib or sklearn.</param>
    /// <param name="threads">Threads that the library may use.</param>
    /// <exception cref="RunnerException">The interpreter or the library is not there.</exception>
    public PythonRunner(string python, string library, int threads)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "peers", "peer.py");
        var start = new ProcessStartInfo(python, ["-B", script, library])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (string name in Hindrances)
            start.Environment.Remove(name);
        start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new RunnerException($"{python}: {exception.Message}");
        }

        try
        {
            _greeting = Read<Greeting>();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name => _greeting.Name;

    public string Version => _greeting.Version;

    public IReadOnlyList<string> About => _greeting.About;

    public IReadOnlyList<string> Beneath => _greeting.Beneath;

    public IReadOnlyList<string> Methods(TaskKind task) => _greeting.Methods.GetValueOrDefault(task, []);

    public Reply Run(Request request)
    {
        Write(request);
        Answer answer = Read<Answer>();
        return new Reply
        {
            Seconds = answer.Seconds,
            Bytes = answer.Bytes,
            Value = answer.Value,
            Centroids = MemoryMarshal.Cast<byte, float>(answer.Centroids).ToArray(),
            Ids = MemoryMarshal.Cast<byte, int>(answer.Ids).ToArray(),
        };
    }

    /// <summary>Closes the conversation, at which the peer ends.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
            _process.Kill();
        _process.Dispose();
    }

    private void Write(Request request)
    {
        try
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(request, Json));
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Ended();
        }
    }

    private T Read<T>()
    {
        string line = _process.StandardOutput.ReadLine() ?? throw Ended();
        if (JsonSerializer.Deserialize<Failure>(line, Json)!.Error is string error)
            throw new RunnerException(error);
        return JsonSerializer.Deserialize<T>(line, Json)!;
    }

    private static RunnerException Ended() => new("the Python process has ended; what it said of it went to stderr.");

    private sealed record Failure(string? Error);

    private sealed record Greeting(string Name, string Version, string[] About, string[] Beneath, Dictionary<TaskKind, string[]> Methods);

    /// <summary>A reply as it comes: arrays as bytes, little-endian.</summary>
    private sealed record Answer(double Seconds, long Bytes, double Value, byte[]? Centroids, byte[]? Ids);
}
