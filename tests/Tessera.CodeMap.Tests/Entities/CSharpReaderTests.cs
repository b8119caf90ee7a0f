using Tessera.CodeMap.Entities;
using Tessera.CodeMap.Tokens;

namespace Tessera.CodeMap.Tests.Entities;

public class CSharpReaderTests
{
    [Fact]
    public void All_kinds_of_declarations_are_found_with_scope_and_name()
    {
        const string Text = """
            using System;
            Console.WriteLine(1);
            namespace Outer.Inner
            {
                public record Point(int X, int Y);
                public record struct Size(int Width);
                struct Pair<T> { T first; }
                interface IShape { double Area(); }
                enum Colour { Red, Green }
                delegate int Compare(int a, int b);
                class Box<T>
                {
                    int field;
                    int Simple { get; set; }
                    int Passed => field;
                    int Computed => field * 2 + Other(field, 3);
                    int Checked { get { if (field > 0) return 1; return 2; } }
                    event EventHandler Plain;
                    event EventHandler Kept { add { field = value.Method.Name.Length; } remove { } }
                    int this[int i] => field + i;
                    Box() { }
                    static Box() { }
                    ~Box() { }
                    int Other(int a, int b) { int Local(int c) => c; return Local(a); }
                    int Other(int a) => a;
                    public static Box<T> operator +(Box<T> a, Box<T> b) => a;
                    public static implicit operator int(Box<T> a) => 1;
                    public static explicit operator List<int>(Box<T> a) => null;
                    int IComparable<Box<T>>.CompareTo(Box<T> other) => 0;
                    class Nested { void Deep() { } }
                }
            }
            """;

        string[] found = [.. Read(Text).Select(entity => $"{entity.Kind} {entity.Scope}/{entity.Name}:{entity.Ordinal}")];

        Assert.Equal(
        [
            "Program /top-level statements:0",
            "Record Outer.Inner/Point:0",
            "Record Outer.Inner/Size:0",
            "Struct Outer.Inner/Pair:0",
            "Interface Outer.Inner/IShape:0",
            "Method Outer.Inner.IShape/Area:0",
            "Enum Outer.Inner/Colour:0",
            "Delegate Outer.Inner/Compare:0",
            "Class Outer.Inner/Box:0",
            "Property Outer.Inner.Box/Computed:0",
            "Property Outer.Inner.Box/Checked:0",
            "Property Outer.Inner.Box/Kept:0",
            "Indexer Outer.Inner.Box/this[]:0",
            "Constructor Outer.Inner.Box/Box:0",
            "Constructor Outer.Inner.Box/Box:1",
            "Finalizer Outer.Inner.Box/~Box:0",
            "Method Outer.Inner.Box/Other:0",
            "Method Outer.Inner.Box/Other:1",
            "Operator Outer.Inner.Box/operator +:0",
            "Operator Outer.Inner.Box/implicit operator int:0",
            "Operator Outer.Inner.Box/explicit operator List<int>:0",
            "Method Outer.Inner.Box/IComparable<Box<T>>.CompareTo:0",
            "Class Outer.Inner.Box/Nested:0",
            "Method Outer.Inner.Box.Nested/Deep:0",
        ], found);
    }

    [Fact]
    public void Parts_of_a_partial_type_are_entities_of_their_own()
    {
        CodeEntity[] entities = Read("partial class A { void M() { } }\npartial class A { void N() { } }\nclass A<T> { }");

        Assert.Equal(["A:0", "M:0", "A:1", "N:0", "A:2"], entities.Select(entity => $"{entity.Name}:{entity.Ordinal}"));
        Assert.Equal(entities.Length, entities.Select(entity => entity.Id).Distinct().Count());
    }

    [Fact]
    public void Lines_source_and_documentation_are_those_of_the_declaration()
    {
        CodeEntity method = Read("""
            namespace N;
            class A
            {
                /// <summary>Adds one.</summary>
                [Obsolete]
                int AddOne(int x)
                {
                    return x + 1;
                }
            }
            """).Single(entity => entity.Name == "AddOne");

        Assert.Equal((5, 9), (method.StartLine, method.EndLine));
        Assert.Equal("Adds one.", method.Documentation);
        Assert.StartsWith("[Obsolete]", method.Source.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("}", method.Source.ToString(), StringComparison.Ordinal);
        Assert.Equal("file.cs#N.A/Method:AddOne:0", method.Id);
        Assert.Equal("A.AddOne", method.DisplayName);
    }

    [Fact]
    public void The_repository_is_part_of_every_id()
    {
        var entities = new CSharpReader("tessera", new Lexicon()).Read("a/file.cs", "class A { }", TestContext.Current.CancellationToken).Entities;

        Assert.Equal("tessera:a/file.cs#/Class:A:0", entities.Single().Id);
    }

    [Fact]
    public void Ids_stay_when_other_code_changes_and_hashes_follow_the_content()
    {
        CodeEntity[] before = Read("class A\n{\n    void M() { One(); }\n    void N() { }\n}");
        CodeEntity[] after = Read("// moved down\n\nclass A\r\n{\r\n    int added;\r\n    void N() { Two(); }\r\n    void M() { One(); }\r\n}");

        CodeEntity Of(CodeEntity[] entities, string name) => entities.Single(entity => entity.Name == name);
        Assert.Equal(before.Select(entity => entity.Id).Order(), after.Select(entity => entity.Id).Order());
        Assert.Equal(Of(before, "M").ContentHash, Of(after, "M").ContentHash);
        Assert.NotEqual(Of(before, "N").ContentHash, Of(after, "N").ContentHash);
    }

    [Fact]
    public void Line_ends_and_byte_order_do_not_change_the_hash_but_documentation_does()
    {
        string unix = Read("class A\n{\n    void M() { }\n}")[0].ContentHash;

        Assert.Equal(unix, Read("class A\r\n{\r\n    void M() { }\r\n}")[0].ContentHash);
        Assert.NotEqual(unix, Read("/// <summary>New.</summary>\nclass A\n{\n    void M() { }\n}")[0].ContentHash);
    }

    [Theory]
    [InlineData("class A { void M( { } class B { void N() { } }", "A")]
    [InlineData("}}}} class A { }", "A")]
    [InlineData("class A { void M() { \"unclosed }", "A")]
    [InlineData("<<<<<<< HEAD\nclass A { }\n=======\n>>>>>>> x", "A")]
    public void Broken_code_is_read_as_far_as_it_goes(string text, string name) =>
        Assert.Contains(Read(text), entity => entity.Name == name);

    [Theory]
    [InlineData("")]
    [InlineData("not C# at all; just words")]
    [InlineData("\uFEFF")]
    [InlineData("class { }")]
    public void Text_without_declarations_gives_no_types(string text) =>
        Assert.DoesNotContain(Read(text), entity => entity.IsType);

    [Fact]
    public void A_long_chain_of_operators_is_read()
    {
        CodeEntity[] entities = Read("class A { int M() { return " + string.Join(" + ", Enumerable.Repeat("x", 20_000)) + "; } }");

        Assert.Contains(entities, entity => entity.Name == "M");
    }

    private static CodeEntity[] Read(string text) =>
        new CSharpReader(null, new Lexicon()).Read("file.cs", text, TestContext.Current.CancellationToken).Entities;
}
