namespace Tessera.CodeMap.Models;

/// <summary>A model cannot be used: its endpoint is not there, does not answer in time, refuses, or answers what makes no sense. The message says which, without the key.</summary>
public sealed class ModelException : IOException
{
    /// <param name="message">Who, what, and what to do.</param>
    /// <param name="inner">What lies behind it.</param>
    public ModelException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
