using Tessera.CodeMap.Entities;

namespace Tessera.CodeMap.Tests.Entities;

public class TestPathsTests
{
    [Theory]
    [InlineData("tests/A.cs", true)]
    [InlineData("src/Project.Tests/Deep/A.cs", true)]
    [InlineData("test/Grains/TestGrains/A.cs", true)]
    [InlineData("src/UnitTest/A.cs", true)]
    [InlineData("src/ParserTests.cs", true)]
    [InlineData("src/ParserTest.cs", true)]
    [InlineData("src/TestKit.cs", false)]
    [InlineData("src/Orleans.TestingHost/TestCluster.cs", false)]
    [InlineData("src/Attestation/Latest.cs", false)]
    [InlineData("A.cs", false)]
    public void Tests_are_known_by_their_path(string path, bool expected) =>
        Assert.Equal(expected, TestPaths.IsTest(path));
}
