namespace Tessera.CodeMap.Tests;

/// <summary>A map of made-up code with one file in it that is about something else.</summary>
public sealed class PlantedMap : IDisposable
{
    private readonly SourceFolder _folder = Topics.Folder(filesOfEach: 6);

    public PlantedMap()
    {
        _folder.Write("Harbours/TideTable.cs", """
            namespace Sample.Harbours;

            public class TideTable
            {
                /// <summary>Computes the forecast of high and low water for one harbour.</summary>
                public double ForecastTide(double moon) => moon * 2 + Offset(moon);

                public void MoorAtBuoy(int buoy) { Rope.Tie(buoy); }
            }
            """);
        Map = _folder.Build();
    }

    public CodeMapSnapshot Map { get; }

    public void Dispose()
    {
        Map.Dispose();
        _folder.Dispose();
    }
}
