using Tessera.Kernels;
using Tessera.Storage;
using Tessera.Vectors;

namespace Tessera.Clustering;

/// <summary>The sections of a Gaussian mixture in a .tsr file, described in docs/file-format.md.</summary>
internal static class GaussianMixtureFile
{
    public const string Kind = "tessera/gaussian-mixture";

    /// <summary>More would make covariances that no array holds.</summary>
    private const int MostDimensions = 1 << 15;

    private const string ShapeSection = "shape";
    private const string WeightsSection = "weights";
    private const string MeansSection = "means";
    private const string CovariancesSection = "covariances";
    private const string FitSection = "fit";
    private const string CentreSection = "centre";
    private const string DirectionsSection = "directions";

    public static void Write(string path, GaussianMixtureModel model)
    {
        MixtureDensity density = model.Density;
        using TsrWriter writer = TsrWriter.Create(path, Kind);
        writer.Write<int>(ShapeSection, [density.Components, density.Dimension, model.Dimension, (int)density.Shape, model.Space is null ? 0 : 1]);
        writer.Write<double>(WeightsSection, density.Weights);
        writer.Write<float>(MeansSection, density.Means);
        writer.Write<double>(CovariancesSection, density.Covariances);
        writer.Write<double>(FitSection, [model.LogLikelihood, model.Bic]);
        if (model.Space is { } space)
        {
            writer.Write(CentreSection, space.Mean.Span);
            writer.Write(DirectionsSection, space.Directions.Span);
        }

        writer.Commit();
    }

    public static GaussianMixtureModel Read(string path)
    {
        using TsrReader file = TsrReader.Open(path);
        file.RequireKind(Kind);
        ReadOnlySpan<int> shape = file.ReadExactly<int>(ShapeSection, 5).Span;
        (int components, int dimension, int outer, int covariance, int projected) = (shape[0], shape[1], shape[2], shape[3], shape[4]);
        if (components < 1 || dimension < 1 || dimension > Math.Min(outer, MostDimensions) || covariance is not (0 or 1) || projected is not (0 or 1) || (projected == 0 && dimension != outer))
            throw file.Error(ShapeSection, $"{components} components of {dimension} among {outer} dimensions, shape {covariance}, projected {projected}, make no mixture.");
        double[] weights = Numbers(file, WeightsSection, components), fit = Numbers(file, FitSection, 2);
        float[] means = Floats(file, MeansSection, (long)components * dimension);
        double[] covariances = Numbers(file, CovariancesSection, (long)components * MixtureDensity.CovarianceSize((CovarianceShape)covariance, dimension));
        if (weights.Any(weight => weight is not (> 0 and <= 1)))
            throw file.Error(WeightsSection, "a weight is not above 0 and at most 1.");
        PrincipalSpace? space = projected == 0 ? null : new PrincipalSpace(
            Floats(file, CentreSection, outer),
            new Matrix(Floats(file, DirectionsSection, (long)dimension * outer), outer));
        try
        {
            return new GaussianMixtureModel(new MixtureDensity((CovarianceShape)covariance, dimension, weights, means, covariances), space, fit[0], fit[1], []);
        }
        catch (InvalidOperationException exception)
        {
            throw file.Error(CovariancesSection, exception.Message);
        }
    }

    private static double[] Numbers(TsrReader file, string section, long count)
    {
        double[] numbers = file.ReadExactly<double>(section, count).ToArray();
        int at = Array.FindIndex(numbers, number => !double.IsFinite(number));
        return at < 0 ? numbers : throw file.Error(section, $"number {at} is {numbers[at]}.");
    }

    private static float[] Floats(TsrReader file, string section, long count)
    {
        float[] numbers = file.ReadExactly<float>(section, count).ToArray();
        int at = Finite.FirstBad(numbers);
        return at < 0 ? numbers : throw file.Error(section, $"number {at} is {numbers[at]}.");
    }
}
