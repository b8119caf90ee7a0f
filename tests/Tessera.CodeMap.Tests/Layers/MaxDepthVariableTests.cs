using Tessera.CodeMap.Layers;

namespace Tessera.CodeMap.Tests.Layers;

/// <summary>Changes the environment of the process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(MaxDepthVariableTests), DisableParallelization = true)]
[Collection(nameof(MaxDepthVariableTests))]
public sealed class MaxDepthVariableTests : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable(CodeMapOptions.MaxDepthVariable);

    public void Dispose() => Environment.SetEnvironmentVariable(CodeMapOptions.MaxDepthVariable, _before);

    [Theory]
    [InlineData(null, null, 24)]
    [InlineData("", null, 24)]
    [InlineData("10", null, 10)]
    [InlineData("10", 5, 5)]
    public void The_depth_comes_from_the_options_then_the_variable_then_the_default(string? variable, int? option, int expected)
    {
        Environment.SetEnvironmentVariable(CodeMapOptions.MaxDepthVariable, variable);

        Assert.Equal(expected, LayerSettings.From(new CodeMapOptions { MaxDepth = option }).MaxDepth);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("deep")]
    [InlineData("99999999999")]
    public void A_variable_that_is_no_depth_is_refused_by_name(string variable)
    {
        Environment.SetEnvironmentVariable(CodeMapOptions.MaxDepthVariable, variable);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => LayerSettings.From(new CodeMapOptions()));
        Assert.Contains($"{CodeMapOptions.MaxDepthVariable} is {variable}", error.Message, StringComparison.Ordinal);
    }
}
