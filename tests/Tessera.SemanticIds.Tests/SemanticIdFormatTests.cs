namespace Tessera.SemanticIds.Tests;

public sealed class SemanticIdFormatTests
{
    [Fact]
    public void Codes_are_written_in_all_formats()
    {
        int[] codes = [12, 5, 33];
        Assert.Equal("12-5-33", SemanticIdFormat.Plain.Write(codes));
        Assert.Equal("<a_12><b_5><c_33>", SemanticIdFormat.Tokens.Write(codes));
        Assert.Equal("12/5/33", SemanticIdFormat.Separated("/").Write(codes));
        Assert.Equal("c12 c5 c33", SemanticIdFormat.From(all => string.Join(' ', all.ToArray().Select(code => $"c{code}"))).Write(codes));
    }

    [Fact]
    public void Letters_go_on_behind_z_and_never_repeat()
    {
        string id = SemanticIdFormat.Tokens.Write(new int[60]);
        Assert.Contains("<z_0><aa_0><ab_0>", id, StringComparison.Ordinal);
        Assert.Equal(60, id.Split('>', StringSplitOptions.RemoveEmptyEntries).Distinct().Count());
    }

    [Theory]
    [InlineData("12-5-33", new[] { 12, 5, 33 })]
    [InlineData("12-5-33-1", new[] { 12, 5, 33, 1 })]
    [InlineData("7", new[] { 7 })]
    public void Plain_ids_are_parsed(string id, int[] codes) => Assert.Equal(codes, SemanticIdFormat.Plain.Parse(id));

    [Theory]
    [InlineData("<a_12><b_5><c_33>", new[] { 12, 5, 33 })]
    [InlineData("<a_12><b_5>-2", new[] { 12, 5, 2 })]
    public void Token_ids_are_parsed(string id, int[] codes) => Assert.Equal(codes, SemanticIdFormat.Tokens.Parse(id));

    [Theory]
    [InlineData("")]
    [InlineData("12--33")]
    [InlineData("12-x")]
    [InlineData("99999999999")]
    public void What_is_no_plain_id_is_told_by_null(string id) => Assert.Null(SemanticIdFormat.Plain.Parse(id));

    [Theory]
    [InlineData("")]
    [InlineData("<b_12>")]
    [InlineData("<a_12")]
    [InlineData("<a_12>x")]
    public void What_is_no_token_id_is_told_by_null(string id) => Assert.Null(SemanticIdFormat.Tokens.Parse(id));

    [Fact]
    public void Separators_that_make_ids_ambiguous_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SemanticIdFormat.Separated(""));
        Assert.Throws<ArgumentException>(() => SemanticIdFormat.Separated("0"));
    }
}
