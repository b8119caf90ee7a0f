using System.Net;
using System.Text.Json.Nodes;
using Tessera.Music.Midi;

namespace Tessera.Server.Tests.Music;

[Collection(SharedServer.Name)]
public sealed class MusicEndpointsTests(RunningServer server)
{
    [Fact]
    public async Task The_styles_are_listed_with_their_children()
    {
        JsonNode styles = await server.Get("/api/music/styles");

        JsonNode rock = styles["parents"]!.AsArray().Single(parent => parent!["name"]!.GetValue<string>() == "rock")!;
        Assert.Contains("halftime", rock["children"]!.AsArray().Select(child => child!["name"]!.GetValue<string>()));
        Assert.True(styles["canSample"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_pattern_is_most_like_itself()
    {
        JsonNode first = (await server.Get("/api/music/retrieve?parent=rock&child=punk&k=3"))["results"]!.AsArray()[0]!;

        JsonNode again = (await server.Get($"/api/music/retrieve?parent=rock&child=punk&k=1&query={Uri.EscapeDataString(first["tokens"]!.GetValue<string>())}"))["results"]!.AsArray()[0]!;

        Assert.Equal("punk", first["child"]!.GetValue<string>());
        Assert.Equal(first["source"]!.GetValue<string>(), again["source"]!.GetValue<string>());
        Assert.NotEmpty(first["notes"]!.AsArray());
    }

    [Fact]
    public async Task A_sample_is_the_same_for_the_same_seed_and_its_MIDI_says_what_its_notes_say()
    {
        JsonNode sample = await server.Get("/api/music/sample?parent=rock&child=halftime&seed=5&maxLength=200");
        JsonNode again = await server.Get("/api/music/sample?seed=5&child=halftime&parent=rock&maxLength=200");
        JsonNode other = await server.Get("/api/music/sample?seed=6&child=halftime&parent=rock&maxLength=200");

        Assert.Equal(sample["tokens"]!.GetValue<string>(), again["tokens"]!.GetValue<string>());
        Assert.NotEqual(sample["tokens"]!.GetValue<string>(), other["tokens"]!.GetValue<string>());
        Score score = MidiFile.Parse(Convert.FromBase64String(sample["midiBase64"]!.GetValue<string>()), "sample");
        JsonArray notes = sample["notes"]!.AsArray();
        Assert.Equal(score.Notes.Count, notes.Count);
        Assert.Equal(score.Notes.Select(note => note.Pitch).Order(), notes.Select(note => note!["pitch"]!.GetValue<int>()).Order());
        Assert.True(sample["longestCopy"]!["length"]!.GetValue<int>() <= 60);
    }

    [Theory]
    [InlineData("/api/music/sample", "parent is empty")]
    [InlineData("/api/music/sample?parent=rock&temperature=NaN", "temperature is NaN; give 0 to 10.")]
    [InlineData("/api/music/sample?parent=rock&temperature=-1", "temperature is -1")]
    [InlineData("/api/music/sample?parent=rock&topP=0", "topP is 0")]
    [InlineData("/api/music/sample?parent=rock&maxLength=100000000", "maxLength is 100000000; give 16 to 2000.")]
    [InlineData("/api/music/sample?parent=rock&maxCopy=256", "maxCopy is 256")]
    [InlineData("/api/music/sample?parent=rock&seed=-1", "seed is -1")]
    [InlineData("/api/music/sample?parent=rock&bias=Infinity", "bias is ")]
    [InlineData("/api/music/retrieve?parent=rock&k=0", "k is 0; give 1 to 50.")]
    [InlineData("/api/music/retrieve", "parent is missing")]
    public async Task What_is_wrong_with_a_request_is_told(string address, string problem) =>
        Assert.StartsWith(problem, await server.Refused(address), StringComparison.Ordinal);

    [Theory]
    [InlineData("/api/music/sample?parent=polka")]
    [InlineData("/api/music/retrieve?parent=rock&child=waltz")]
    public async Task A_style_that_is_not_there_is_not_found(string address) =>
        Assert.StartsWith("There is no style", await server.Refused(address, HttpStatusCode.NotFound), StringComparison.Ordinal);
}
