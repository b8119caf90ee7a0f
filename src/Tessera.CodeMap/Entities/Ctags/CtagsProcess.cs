using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Tessera.CodeMap.Entities.Ctags;

/// <summary>
/// universal-ctags as one process that is asked for one file after the other. A file that takes too long has no tags; the
/// process is then started anew. Safe to use from several threads, which take turns.
/// </summary>
internal sealed class CtagsProcess(TimeSpan limit, string program = "ctags") : IDisposable
{
    // Whatever a user's own configuration says, the same tags come back.
    private static readonly string[] Arguments = ["--options=NONE", "--_interactive", "--output-format=json", "--sort=no", "--extras=-F", "--fields=+neKsSz"];

    private static readonly TimeSpan GreetingLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Process? _process;
    private bool _missing;

    /// <summary>Files whose tags were given up for the time that they took.</summary>
    public int TimedOut { get; private set; }

    /// <summary>Whether the program is there, speaks JSON and can be asked file by file; looked up once.</summary>
    public bool IsAvailable
    {
        get
        {
            lock (_lock)
                return Start() is not null;
        }
    }

    /// <summary>The tags of a file in the order of the text; null if the program is missing, fails on the file or takes too long.</summary>
    public List<CtagsTag>? Read(string path)
    {
        lock (_lock)
        {
            if (Start() is not { } process)
                return null;
            using var deadline = new KillAfter(process, limit);
            try
            {
                process.StandardInput.WriteLine(JsonSerializer.Serialize(new CtagsRequest("generate-tags", path), CtagsJson.Default.CtagsRequest));
                process.StandardInput.Flush();
                return Answer(process);
            }
            catch (Exception error) when (error is IOException or JsonException)
            {
                TimedOut += deadline.IsOver ? 1 : 0;
                Stop();
                return null;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
            Stop();
    }

    private static List<CtagsTag>? Answer(Process process)
    {
        var tags = new List<CtagsTag>();
        bool isRead = true;
        while (true)
        {
            string line = process.StandardOutput.ReadLine() ?? throw new IOException("ctags has ended.");
            CtagsTag? said = JsonSerializer.Deserialize(line, CtagsJson.Default.CtagsTag);
            switch (said?.Type)
            {
                case "tag":
                    tags.Add(said);
                    break;
                case "completed":
                    return isRead ? tags : null;
                // What follows a warning is of the same file still.
                case "error" when said.IsWarning:
                    isRead &= said.SystemError == 0;
                    break;
                case "error":
                    return null;
            }
        }
    }

    private Process? Start()
    {
        if (_process is { HasExited: false } || _missing)
            return _process;
        _process?.Dispose();
        _process = null;
        try
        {
            var start = new ProcessStartInfo(program, Arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardInputEncoding = new UTF8Encoding(false),
                StandardOutputEncoding = Encoding.UTF8,
            };
            Process process = Process.Start(start)!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            using var deadline = new KillAfter(process, GreetingLimit);
            // It greets with its name and version; other programs called ctags do not.
            if (process.StandardOutput.ReadLine()?.Contains("Universal Ctags", StringComparison.Ordinal) == true)
                return _process = process;
            End(process);
        }
        catch (Exception error) when (error is Win32Exception or IOException)
        {
            // Not installed, or something else under the same name.
        }

        _missing = true;
        return null;
    }

    private void Stop()
    {
        if (_process is not null)
            End(_process);
        _process = null;
    }

    private static void End(Process process)
    {
        KillAfter.Kill(process);
        process.Dispose();
    }
}
