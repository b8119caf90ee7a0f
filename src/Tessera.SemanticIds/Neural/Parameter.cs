namespace Tessera.SemanticIds.Neural;

/// <summary>Numbers that are learnt, their gradients, and the two moments that AdamW keeps of these.</summary>
internal sealed class Parameter(int length)
{
    public float[] Values { get; } = new float[length];

    public float[] Gradients { get; } = new float[length];

    public float[] FirstMoments { get; } = new float[length];

    public float[] SecondMoments { get; } = new float[length];
}
