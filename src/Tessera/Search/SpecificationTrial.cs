namespace Tessera.Search;

/// <summary>What one specification did on some vectors.</summary>
/// <param name="Specification">The factory string.</param>
/// <param name="Vectors">Vectors that were in the index: a subset of those given, or all.</param>
/// <param name="TrainingVectors">Vectors that it was trained on; 0 where none are needed.</param>
/// <param name="Reached">Whether it reached the recall.</param>
/// <param name="Fits">Whether it stays within the memory.</param>
/// <param name="BytesPerVector">Memory of the index for each vector, everything included: measured where all vectors were in it, otherwise reckoned from the subset.</param>
/// <param name="BuildSeconds">Training and adding.</param>
/// <param name="Knob">By what it trades time for recall.</param>
/// <param name="Best">The cheapest setting that reaches the recall, or the best one, measured.</param>
public sealed record SpecificationTrial(
    string Specification,
    int Vectors,
    int TrainingVectors,
    bool Reached,
    bool Fits,
    double BytesPerVector,
    double BuildSeconds,
    SearchKnob Knob,
    Evaluation Best);
