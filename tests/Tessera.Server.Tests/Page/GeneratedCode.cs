using System.Text;

namespace Tessera.Server.Tests.Page;

/// <summary>A small code base: eight subjects, six classes each, five methods each.</summary>
internal static class GeneratedCode
{
    private static readonly string[] Subjects = ["Invoice", "Customer", "Parcel", "Payment", "Stock", "Search", "Report", "Login"];
    private static readonly string[] Roles = ["Store", "Reader", "Writer", "Checker", "Printer", "Clock"];
    private static readonly string[] Actions = ["Find", "Add", "Remove", "Count", "Merge"];

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string subject in Subjects)
        {
            foreach (string role in Roles)
            {
                var text = new StringBuilder($"namespace Shop.{subject}s;\n\n/// <summary>{role} of every {subject}.</summary>\npublic class {subject}{role}\n{{\n");
                foreach (string action in Actions)
                    text.Append($"    /// <summary>{action} what the {subject} {role} has.</summary>\n    public int {action}{subject}(int {subject.ToUpperInvariant()}) => {subject.ToUpperInvariant()} + {action.Length};\n\n");
                File.WriteAllText(Path.Combine(folder, $"{subject}{role}.cs"), text.Append("}\n").ToString());
            }
        }
    }
}
