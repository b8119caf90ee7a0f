namespace Tessera.Colors.Queries;

/// <summary>A query's text is wrong; the message says what, where, and what would be right.</summary>
public sealed class ColorQueryException : FormatException
{
    /// <summary>Makes one without a message.</summary>
    public ColorQueryException()
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What is wrong.</param>
    public ColorQueryException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What was behind it.</param>
    public ColorQueryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="text">The query.</param>
    /// <param name="position">Where in it, from 0.</param>
    /// <param name="problem">What is wrong there, and what would be right.</param>
    internal ColorQueryException(string text, int position, string problem)
        : base($"'{text}', at {position + 1}: {problem}")
    {
        Position = position;
    }

    /// <summary>Where in the text, from 0.</summary>
    public int Position { get; }
}
