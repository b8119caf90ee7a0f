using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Tessera.Vectors;

namespace Tessera.Benchmarks.Serve;

/// <summary>What many users of a page would ask, and now and then what nobody should: request number i is always the same.</summary>
internal sealed class LoadMix(int images, bool hasCode, byte[]? upload)
{
    private static readonly string[] Colors = ["ff8800:0.7,teal:0.3", "white", "red:0.5,navy:0.5", "7a5c3e,2e8b57", "black:0.2,*:0.8", "skyblue:0.6,olive:0.3,gold:0.1"];
    private static readonly string[] Questions = ["where are vectors read from files", "squared distances", "choose the first centroids", "cluster labels", "write a file as a whole"];

    public LoadRequest Make(int number)
    {
        var random = new SeededRandom((ulong)number);
        int kind = random.Next(100);
        if (kind < 40 && images > 0)
            return Image(kind, ref random);
        if (kind < 55 && hasCode)
            return new LoadRequest("code", $"/api/code/query?text={Uri.EscapeDataString(Questions[random.Next(Questions.Length)])}&limit={1 + random.Next(20)}&mode={(random.Next(2) == 0 ? "hybrid" : "global")}");
        return kind switch
        {
            < 65 => new LoadRequest("search", "/api/indexes/lists/search", Query(ref random)),
            < 72 => new LoadRequest("tree", $"/api/trees/tree?depth={1 + random.Next(4)}"),
            < 76 => new LoadRequest("tree", $"/api/trees/items/nodes/{random.Next(16)}?limit={1 + random.Next(50)}"),
            < 80 => new LoadRequest("tree", $"/api/trees/lists/search?q={random.Next(20_000)}"),
            < 85 => new LoadRequest("ids", $"/api/ids/items/find?id={random.Next(16)}-{random.Next(16)}"),
            < 90 => new LoadRequest("retrieve", "/api/music/retrieve?parent=rock&child=punk&k=3"),
            < 91 => new LoadRequest("sample", $"/api/music/sample?parent=rock&maxLength=120&seed={number}"),
            < 93 => new LoadRequest("page", "/"),
            < 95 => new LoadRequest("systems", "/api/systems"),
            < 96 => new LoadRequest("metrics", "/metrics"),
            < 97 => new LoadRequest("refused", $"/api/trees/lists?depth={-number}", Expected: HttpStatusCode.BadRequest),
            < 98 => new LoadRequest("refused", "/api/indexes/lists/search", Json("""{"vector":[1,2"""), HttpStatusCode.BadRequest),
            < 99 => new LoadRequest("refused", "/..%2f..%2fetc%2fpasswd", Expected: HttpStatusCode.NotFound),
            _ => new LoadRequest("refused", "/api/indexes/lists/search", Json($$"""{"vector":[{{new string('1', 2 << 20)}}]}"""), HttpStatusCode.RequestEntityTooLarge),
        };
    }

    private LoadRequest Image(int kind, ref SeededRandom random)
    {
        int id = 1 + random.Next(images);
        return kind switch
        {
            < 20 => new LoadRequest("colours", $"/api/colors/search?colors={Uri.EscapeDataString(Colors[random.Next(Colors.Length)])}&k=40&offset={random.Next(3) * 40}"),
            < 33 => new LoadRequest("thumbnail", $"/api/colors/images/{id}/thumbnail?size=320"),
            < 37 => new LoadRequest("similar", $"/api/colors/images/{id}/similar?k=20"),
            < 39 => new LoadRequest("palette", $"/api/colors/images/{id}/palette?count=8"),
            _ => new LoadRequest("upload", "/api/colors/search/image?k=20", Bytes(upload!)),
        };
    }

    private static StringContent Query(ref SeededRandom random)
    {
        var text = new StringBuilder("{\"vector\":[");
        for (int i = 0; i < ServedFiles.Dimension; i++)
            text.Append(i == 0 ? "" : ",").Append(((float)random.NextNormal()).ToString(CultureInfo.InvariantCulture));
        return Json(text.Append("],\"k\":10}").ToString());
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static ByteArrayContent Bytes(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
}
