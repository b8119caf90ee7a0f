namespace Tessera.SemanticIds.Neural;

/// <summary>The values of parameters as they were at the best moment.</summary>
internal sealed class Checkpoint(IReadOnlyList<Parameter> parameters)
{
    private readonly float[][] _kept = [.. parameters.Select(parameter => new float[parameter.Values.Length])];

    public void Take()
    {
        for (int i = 0; i < _kept.Length; i++)
            parameters[i].Values.CopyTo(_kept[i], 0);
    }

    public void Restore()
    {
        for (int i = 0; i < _kept.Length; i++)
            _kept[i].CopyTo(parameters[i].Values, 0);
    }
}
