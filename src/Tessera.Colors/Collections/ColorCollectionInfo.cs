namespace Tessera.Colors.Collections;

/// <summary>What a collection is and takes.</summary>
/// <param name="Images">Images that a search can find.</param>
/// <param name="Unsaved">Those of them that are not in the saved files, but read from the catalogue.</param>
/// <param name="Index">What names candidates; empty where there is none.</param>
/// <param name="CodeBytes">Bytes of one image's code, without its id.</param>
/// <param name="IndexBytes">Bytes of the index in memory, measured; without metadata and mapped histograms.</param>
/// <param name="HistogramBytes">Bytes of the histograms, mapped and others.</param>
public sealed record ColorCollectionInfo(int Images, int Unsaved, string Index, double CodeBytes, long IndexBytes, long HistogramBytes);
