using Tessera.Vectors;

namespace Tessera.Cli.Tests.Hosting;

/// <summary>A folder for one test, with generated vectors in it.</summary>
internal sealed class Workspace : IDisposable
{
    public Workspace()
    {
        Folder = Directory.CreateTempSubdirectory("tessera-cli-").FullName;
    }

    public string Folder { get; }

    public string this[string file] => Path.Combine(Folder, file);

    public string[] Files() => [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>Writes vectors around random centres, as real ones lie, and returns the path.</summary>
    public string WriteClustered(string file, int rows, int dimension, int seed)
    {
        VectorFile.Write(this[file], Clustered(rows, dimension, seed), TestContext.Current.CancellationToken);
        return this[file];
    }

    /// <summary>Vectors around 20 centres that depend on the dimension alone, so that files of different seeds are alike.</summary>
    public static Matrix Clustered(int rows, int dimension, int seed)
    {
        const int Centres = 20;
        var ofCentres = new Random(dimension);
        float[] centres = [.. Enumerable.Range(0, Centres * dimension).Select(_ => (float)ofCentres.NextDouble() * 10)];
        var random = new Random(seed);
        var values = new float[rows * dimension];
        for (int row = 0; row < rows; row++)
        {
            int centre = random.Next(Centres);
            for (int i = 0; i < dimension; i++)
                values[row * dimension + i] = centres[centre * dimension + i] + (float)random.NextDouble() * 4;
        }

        return new Matrix(values, dimension);
    }

    public static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)(a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
