using System.Net;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using HealthEval.Storage;
using HealthEval.Storage.Azure;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Storage;

/// <summary>Write once, read many, as the service is asked for it. The emulator does not know it, so a stand-in answers.</summary>
public sealed class ReportHoldTests : IDisposable
{
    private const string Held = "<?xml version=\"1.0\"?><Error><Code>BlobImmutableDueToPolicy</Code><Message>It is held.</Message></Error>";
    private readonly List<HttpRequestMessage> _asked = [];
    private readonly HttpClientTransport _transport;
    private readonly Dictionary<string, string> _versions = [];

    public ReportHoldTests() => _transport = new HttpClientTransport(new Service(Answer));

    public void Dispose() => _transport.Dispose();

    [Theory]
    [InlineData("reports/p1/2026-W47/workbook.xlsx", 10, true)]
    [InlineData("reports/p1/2026-W47/annotations.jsonl", 9 << 20, true)] // in blocks
    [InlineData("reports/p1/2026-W47/r1/manifest.json", 10, true)]
    [InlineData("reports/p1/2026-W47/.staged/items.jsonl-000000", 10, false)] // not finished, and will be removed
    [InlineData("reports/p1/2026-W47/.next-0a1b/workbook.xlsx", 10, false)]
    [InlineData("reports/p1/2026-W47/.switch", 10, false)]
    [InlineData("drop/p1/a.jsonl", 10, false)] // an erasure must reach it
    [InlineData("receipts/p1/b1.json", 10, false)]
    public async Task A_finished_report_is_held_from_the_moment_it_is_there_and_nothing_else_is(string path, int bytes, bool held)
    {
        await Store(locked: true).WriteAsync(path, (stream, token) => stream.WriteAsync(new byte[bytes], token).AsTask(), FileCondition.None, CancellationToken.None);

        var last = _asked[^1];
        Assert.Equal(held ? "Sat, 18 Nov 2028 09:00:00 GMT" : null, Header(last, "x-ms-immutability-policy-until-date"));
        Assert.Equal(held ? "locked" : null, Header(last, "x-ms-immutability-policy-mode"), ignoreCase: true);
        Assert.Equal(bytes > 8 << 20, last.RequestUri!.Query.Contains("comp=blocklist", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_purge_takes_what_it_may_and_passes_over_versions_that_are_held()
    {
        (_versions["workbook.xlsx?v1"], _versions["manifest.json?v2"], _versions["old?v3"]) = ("held", "free", "free");

        Assert.Equal(0, await Store(locked: false).EraseFolderAsync("reports/p1/", CancellationToken.None));

        Assert.Equal(
            ["manifest.json v2", "old v3", "workbook.xlsx v1"],
            _asked.Where(request => request.Method == HttpMethod.Delete).Select(request => $"{request.RequestUri!.Segments[^1]} {request.RequestUri.Query.Split("versionid=")[1]}").Order());
        Assert.True(Store(locked: false).HoldsReports);
    }

    private BlobFileStore Store(bool locked)
    {
        var credential = DelegatedTokenCredential.Create((_, _) => new AccessToken("token", DateTimeOffset.MaxValue));
        var service = new BlobServiceClient(new Uri("https://st.blob.core.windows.net/"), credential, new BlobClientOptions { Transport = _transport, Retry = { MaxRetries = 0 } });
        return new BlobFileStore(service, "healtheval", new ReportHold(TimeSpan.FromDays(731), locked, new ManualTime(new DateTimeOffset(2026, 11, 18, 9, 0, 0, TimeSpan.Zero))));
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        _asked.Add(request);
        var query = request.RequestUri!.Query;
        if (request.Method == HttpMethod.Delete)
        {
            var name = $"{request.RequestUri.Segments[^1]}?{query.Split("versionid=")[1]}";
            return _versions[name] == "free"
                ? new HttpResponseMessage(HttpStatusCode.Accepted)
                : new HttpResponseMessage(HttpStatusCode.Conflict) { Content = new StringContent(Held, Encoding.UTF8, "application/xml") };
        }

        if (query.Contains("comp=list", StringComparison.Ordinal))
        {
            var blobs = query.Contains("include=versions", StringComparison.OrdinalIgnoreCase) ? _versions.Keys : Enumerable.Empty<string>();
            var xml = string.Concat(blobs.Select(blob => blob.Split('?')).Select(blob =>
                $"<Blob><Name>reports/p1/{blob[0]}</Name><VersionId>{blob[1]}</VersionId><Properties><BlobType>BlockBlob</BlobType></Properties></Blob>"));
            var body = $"<?xml version=\"1.0\"?><EnumerationResults><Blobs>{xml}</Blobs><NextMarker/></EnumerationResults>";
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/xml") };
        }

        return new HttpResponseMessage(HttpStatusCode.Created)
        {
            Headers = { { "ETag", "\"0x1\"" } },
            Content = new StringContent("") { Headers = { { "Last-Modified", "Wed, 18 Nov 2026 09:00:00 GMT" } } },
        };
    }

    private static string? Header(HttpRequestMessage request, string name) => request.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private sealed class Service(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await (request.Content?.CopyToAsync(Stream.Null, cancellationToken) ?? Task.CompletedTask);
            return answer(request);
        }
    }
}
