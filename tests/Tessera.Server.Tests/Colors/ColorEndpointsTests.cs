using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Tessera.Colors.Images;

namespace Tessera.Server.Tests.Colors;

[Collection(SharedServer.Name)]
public sealed class ColorEndpointsTests(RunningServer server)
{
    public static TheoryData<string, byte[]> WhatIsNoImage()
    {
        byte[] png = PngImage.Striped(64, 64, (200, 30, 30), (30, 200, 30));
        return new TheoryData<string, byte[]>
        {
            { "nothing", [] },
            { "text", Encoding.UTF8.GetBytes("no image at all") },
            { "the first half of an image", png[..(png.Length / 2)] },
            { "a signature alone", png[..8] },
            { "a page that begins like a GIF", Encoding.UTF8.GetBytes("GIF89a<script>alert(1)</script>") },
            { "a drawing with a script", Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>") },
            { "a bomb", PngImage.Bomb(60_000) },
        };
    }

    [Fact]
    public async Task Images_are_found_by_colour()
    {
        RequireImages();
        JsonNode answer = await server.Get("/api/colors/search?colors=e61e1e&k=3");

        Assert.Equal(3, answer["results"]!.AsArray().Count);
        Assert.StartsWith("#e", answer["results"]![0]!["palette"]![0]!["hex"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(ServedData.Images, answer["total"]!.GetValue<int>());
        Assert.NotEmpty(answer["timings"]!["stages"]!.AsArray());
        double[] distances = [.. answer["results"]!.AsArray().Select(hit => hit!["distance"]!.GetValue<double>())];
        Assert.Equal(distances.Order(), distances);
    }

    [Fact]
    public async Task Pages_follow_on_one_another()
    {
        RequireImages();
        string[] all = Ids(await server.Get("/api/colors/search?colors=red:0.5,blue:0.5&k=12"));

        Assert.Equal(all[4..12], Ids(await server.Get("/api/colors/search?colors=red:0.5,blue:0.5&k=8&offset=4")));
    }

    [Fact]
    public async Task Filters_and_facets_agree()
    {
        RequireImages();
        JsonNode facets = await server.Get("/api/colors/facets");
        foreach (JsonNode? folder in facets["folders"]!.AsArray())
        {
            string name = folder!["name"]!.GetValue<string>();
            JsonNode browsed = await server.Get($"/api/colors/search?folder={name}&k=200");
            Assert.Equal(folder["count"]!.GetValue<int>(), browsed["total"]!.GetValue<int>());
            Assert.All(browsed["results"]!.AsArray(), hit => Assert.StartsWith(name + "/", hit!["path"]!.GetValue<string>(), StringComparison.Ordinal));
        }

        foreach (JsonNode? one in facets["classes"]!.AsArray())
        {
            JsonNode found = await server.Get($"/api/colors/search?class={one!["name"]}&colors=red&k=200");
            Assert.Equal(one["count"]!.GetValue<int>(), found["results"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task An_image_has_details_a_palette_thumbnails_and_others_like_it()
    {
        RequireImages();
        string id = Ids(await server.Get("/api/colors/search?k=1"))[0];

        JsonNode details = await server.Get($"/api/colors/images/{id}");
        JsonNode palette = await server.Get($"/api/colors/images/{id}/palette?count=2");
        string[] similar = Ids(await server.Get($"/api/colors/images/{id}/similar?k=5"));
        using HttpResponseMessage thumbnail = await server.Client.GetAsync(new Uri($"/api/colors/images/{id}/thumbnail?size=100", UriKind.Relative));

        Assert.Equal("even", details["folder"]!.GetValue<string>());
        Assert.InRange(palette["palette"]!.AsArray().Count, 1, 2);
        Assert.Equal(5, similar.Length);
        Assert.DoesNotContain(id, similar);
        Assert.Equal("image/jpeg", thumbnail.Content.Headers.ContentType?.MediaType);
        DecodedImage small = new VipsImageDecoder().Decode(await thumbnail.Content.ReadAsByteArrayAsync());
        Assert.True(Math.Max(small.Width, small.Height) <= 160);
        Assert.NotNull(thumbnail.Headers.ETag);
    }

    [Fact]
    public async Task An_image_that_is_sent_finds_itself()
    {
        RequireImages();
        JsonNode first = (await server.Get("/api/colors/search?k=1"))["results"]![0]!;

        using HttpResponseMessage response = await Send(await File.ReadAllBytesAsync(Path.Combine(server.Folder, "images", first["path"]!.GetValue<string>())), "image/png");
        JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.True(answer["results"]![0]!["distance"]!.GetValue<double>() < 1.5);
        Assert.Equal(first["palette"]![0]!["hex"]!.GetValue<string>(), answer["results"]![0]!["palette"]![0]!["hex"]!.GetValue<string>());
        Assert.NotEmpty(answer["query"]!["palette"]!.AsArray());
    }

    [Theory]
    [MemberData(nameof(WhatIsNoImage))]
    public async Task What_is_no_whole_image_is_refused(string what, byte[] bytes)
    {
        RequireImages();
        using HttpResponseMessage response = await Send(bytes, "image/png");

        string detail = await RunningServer.Refusal(response, HttpStatusCode.UnprocessableEntity);
        Assert.True(detail.Length > 5, what);
    }

    [Fact]
    public async Task A_huge_upload_is_refused_before_it_is_read()
    {
        RequireImages();
        using var content = new StreamContent(new MemoryStream(new byte[100 << 20]));
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/colors/search/image") { Content = content };
        // So the client waits for the answer before it sends.
        request.Headers.ExpectContinue = true;

        using HttpResponseMessage response = await server.Client.SendAsync(request);

        await RunningServer.Refusal(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task An_upload_of_another_type_is_refused()
    {
        RequireImages();
        using HttpResponseMessage response = await Send([1, 2, 3], "multipart/form-data");

        await RunningServer.Refusal(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("colors=nocolour", "colors: 'nocolour', at 1")]
    [InlineData("colors=red:-1", "colors: ")]
    [InlineData("colors=red:NaN", "colors: ")]
    [InlineData("colors=red:1e99", "colors: ")]
    [InlineData("colors=,,,", "colors: ")]
    [InlineData("colors=red&exclude=%00", "exclude: ")]
    [InlineData("exclude=red", "exclude needs colors")]
    [InlineData("colors=red&k=0", "k is 0; give 1 to 200.")]
    [InlineData("colors=red&k=1e9", "k is '1e9'; give a whole number.")]
    [InlineData("colors=red&offset=-1", "offset is -1")]
    [InlineData("colors=red&offset=2000000000", "offset is 2000000000")]
    [InlineData("colors=red&class=beautiful", "class is 'beautiful'; give one of red, orange")]
    [InlineData("colors=red&class=3", "class is '3'")]
    [InlineData("colors=red&rest=all", "rest is 'all'")]
    public async Task What_is_wrong_with_a_search_is_told(string query, string problem)
    {
        RequireImages();
        Assert.StartsWith(problem, await server.Refused($"/api/colors/search?{query}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_of_too_many_letters_is_refused()
    {
        RequireImages();
        Assert.StartsWith("colors has 4000 characters", await server.Refused($"/api/colors/search?colors={new string('a', 4000)}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/colors/images/0")]
    [InlineData("/api/colors/images/-1")]
    [InlineData("/api/colors/images/01")]
    [InlineData("/api/colors/images/99999999999999999999")]
    [InlineData("/api/colors/images/..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/colors/images/..%5c..%5cwindows/thumbnail")]
    [InlineData("/api/colors/images/1%00/thumbnail")]
    public async Task An_image_that_is_not_there_is_not_found(string address)
    {
        RequireImages();
        using HttpResponseMessage response = await server.Client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{response.StatusCode}");
    }

    private static void RequireImages() => Assert.SkipWhen(ServedData.NoImages is not null, ServedData.NoImages ?? "");

    private static string[] Ids(JsonNode answer) => [.. answer["results"]!.AsArray().Select(hit => hit!["id"]!.GetValue<string>())];

    private async Task<HttpResponseMessage> Send(byte[] bytes, string type)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return await server.Client.PostAsync(new Uri("/api/colors/search/image?k=2", UriKind.Relative), content);
    }
}
