using System.Net;

namespace Tessera.Benchmarks.Serve;

/// <summary>A request and what must come back.</summary>
internal readonly record struct LoadRequest(string Kind, string Address, HttpContent? Body = null, HttpStatusCode Expected = HttpStatusCode.OK);
