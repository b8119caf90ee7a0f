using Tessera.Colors.Transport;

namespace Tessera.Colors.Collections;

/// <summary>An image as indexing gives it to a catalogue, which keeps the id and the tags of its path.</summary>
/// <param name="Entry">The image; its id and its tags are not looked at.</param>
/// <param name="Histogram">Its colours.</param>
public sealed record ImageRecord(ImageEntry Entry, SparseHistogram Histogram);
