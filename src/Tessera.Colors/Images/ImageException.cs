namespace Tessera.Colors.Images;

/// <summary>An image could not be decoded or encoded; the message is one line that says which and why.</summary>
public sealed class ImageException : Exception
{
    /// <summary>Makes one without a message.</summary>
    public ImageException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">Which image, and why.</param>
    public ImageException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">Which image, and why.</param>
    /// <param name="innerException">What was behind it.</param>
    public ImageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
