namespace Tessera.Colors.Indexes;

/// <summary>A threshold was passed.</summary>
/// <param name="message">One line that says which, and by how much.</param>
public sealed class AnnWarningEventArgs(string message) : EventArgs
{
    /// <summary>One line that says which, and by how much.</summary>
    public string Message { get; } = message;
}
