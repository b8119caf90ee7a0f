namespace Tessera.CodeMap.Storage;

/// <summary>A build came too late: the store holds what it does not know. Nothing was changed.</summary>
public sealed class StaleBuildException : InvalidOperationException
{
    /// <summary>Makes one without a message.</summary>
    public StaleBuildException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">Which build, and what the store holds.</param>
    public StaleBuildException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    /// <param name="message">Which build, and what the store holds.</param>
    /// <param name="innerException">The cause.</param>
    public StaleBuildException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
