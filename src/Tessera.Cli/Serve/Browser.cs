using System.ComponentModel;
using System.Diagnostics;

namespace Tessera.Cli.Serve;

/// <summary>Opens addresses in the user's browser, where there is one.</summary>
internal static class Browser
{
    public static void Open(Uri address)
    {
        (string program, string[] arguments) =
            OperatingSystem.IsWindows() ? ("cmd", ["/c", "start", "", address.ToString()])
            : OperatingSystem.IsMacOS() ? ("open", [address.ToString()])
            : ("xdg-open", (string[])[address.ToString()]);
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true });
        }
        catch (Win32Exception)
        {
            // A machine without a desktop; the address stands on the screen.
        }
    }
}
