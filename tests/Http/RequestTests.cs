using System.Net;
using System.Text;
using HealthEval.Tests.Functions;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Http;

/// <summary>What is the same for every request, on one machine and under the Functions host.</summary>
public sealed class RequestTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task HEAD_is_GET_without_its_body_and_OPTIONS_says_which_methods_there_are()
    {
        await using var app = await TestApp.StartAsync();
        using var nobody = app.Anonymous();

        using var head = await nobody.SendAsync(new HttpRequestMessage(HttpMethod.Head, "health"));
        using var signedOut = await nobody.SendAsync(new HttpRequestMessage(HttpMethod.Head, "me"));
        using var options = await nobody.SendAsync(new HttpRequestMessage(HttpMethod.Options, "session"));
        using var refused = await nobody.DeleteAsync("health");
        using var nowhere = await nobody.SendAsync(new HttpRequestMessage(HttpMethod.Options, "no-such-slice"));

        Assert.Equal((HttpStatusCode.OK, "application/json", ""), (head.StatusCode, head.Content.Headers.ContentType?.MediaType, await head.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.Unauthorized, ""), (signedOut.StatusCode, await signedOut.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.NoContent, "DELETE, GET, HEAD, OPTIONS, POST"), (options.StatusCode, string.Join(", ", options.Content.Headers.Allow)));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, HEAD, OPTIONS"), (refused.StatusCode, string.Join(", ", refused.Content.Headers.Allow)));
        Assert.Equal("method_not_allowed", (string)(await refused.JsonAsync())["code"]!);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
    }

    [Fact]
    public async Task Under_the_host_too()
    {
        using var rig = await StartAsync();

        using var head = await rig.ApiAsync(HttpMethod.Head, "health");
        using var options = await rig.ApiAsync(HttpMethod.Options, "session");

        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, await head.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.NoContent, "DELETE, GET, HEAD, OPTIONS, POST"), (options.StatusCode, string.Join(", ", options.Content.Headers.Allow)));
    }

    [Fact]
    public async Task A_file_that_names_its_length_is_refused_above_the_limit_and_streamed_when_it_does_not()
    {
        using var rig = await StartAsync(("Http:MaxContentLength", "1000"));
        var admin = HostRig.Principal("admin@example.org", "admin");
        await rig.JsonAsync(HttpMethod.Post, "projects", admin, new { projectId = "p1", name = "P", customer = "C" });
        var file = Encoding.UTF8.GetBytes("{\"prompt\":\"q\",\"response\":\"" + new string('a', 2_000) + "\"}");

        using var refused = await rig.ApiAsync(HttpMethod.Post, "batches/p1?name=a.jsonl", admin, new ByteArrayContent(file));
        using var streamed = await rig.ApiAsync(HttpMethod.Post, "batches/p1?name=a.jsonl", admin, new Chunked(file));

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        Assert.Contains("upload link", (string)(await refused.JsonAsync())["detail"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, streamed.StatusCode);
    }

    /// <summary>JSON has a limit of its own, however it is sent.</summary>
    [Fact]
    public async Task A_body_that_is_no_file_is_refused_when_it_does_not_end()
    {
        using var rig = await StartAsync();
        var admin = HostRig.Principal("admin@example.org", "admin");

        using var refused = await rig.ApiAsync(HttpMethod.Post, "projects", admin, new Chunked(Encoding.UTF8.GetBytes("{\"name\":\"" + new string('a', 31_000_000) + "\"}")) { Headers = { ContentType = new("application/json") } });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Equal("too_large", (string)(await refused.JsonAsync())["code"]!);
    }

    [Fact]
    public async Task What_a_client_says_in_the_platforms_name_is_not_listened_to()
    {
        using var rig = await StartAsync();
        (string, string)[] forged = [("x-ms-original-url", "https://elsewhere.example/"), ("x-ms-auth-token", "Bearer forged"), ("X-MS-TOKEN-AAD-ID-TOKEN", "forged"), ("x-ms-client-principal-name", "admin@example.org")];

        using var me = await rig.ApiAsync(HttpMethod.Get, "me", principal: null, body: null, forged);

        Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
        Assert.DoesNotContain("forged", rig.Output, StringComparison.Ordinal);
    }

    private Task<HostRig> StartAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["Auth:Mode"] = "Platform", ["Storage:DataFolder"] = _folder["data"] };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return HostRig.StartAsync(all);
    }

    /// <summary>A body of unknown length.</summary>
    private sealed class Chunked(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
