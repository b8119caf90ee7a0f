namespace Tessera.CodeMap.Summaries;

/// <summary>Who wrote a summary.</summary>
public enum SummarySource
{
    /// <summary>Nobody: it is put together from the code's own words.</summary>
    Extract,

    /// <summary>A language model.</summary>
    Model,
}
