using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.Intake;
using HealthEval.People;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Batches;

/// <summary>Files as command lines and browsers send them, and what a file would be read as.</summary>
public sealed class UploadBodyTests : IAsyncLifetime
{
    private const string Line = """{"prompt":"q1","response":"a1"}""";
    private TestApp _app = null!;
    private HttpClient _customer = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        await _app.AddProjectAsync("p1");
        _customer = await _app.SignedInAsync(Roles.Customer, "p1");
    }

    public ValueTask DisposeAsync()
    {
        _customer.Dispose();
        return _app.DisposeAsync();
    }

    [Fact]
    public async Task A_file_in_a_form_is_taken_under_its_own_name()
    {
        using var form = new MultipartFormDataContent { { new StringContent("x"), "comment" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(Line)), "file", "mine.jsonl" } };
        using var answer = await _customer.PostAsync("batches/p1?attested=true", form);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(("mine.jsonl", "loaded"), await FinalAsync(answer));
    }

    [Fact]
    public async Task A_packed_body_is_unpacked_within_the_limits_of_every_file()
    {
        using var body = new ByteArrayContent(PackedFileTests.Gzip(Encoding.UTF8.GetBytes(Line)));
        body.Headers.ContentEncoding.Add("gzip");
        using var answer = await _customer.PostAsync("batches/p1?name=mine.jsonl", body);

        Assert.Equal(("mine.jsonl.gz", "loaded"), await FinalAsync(answer));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Another_packing_is_refused(string encoding)
    {
        using var body = new StringContent(Line);
        body.Headers.ContentEncoding.Add(encoding);

        Assert.Equal("malformed", await (await _customer.PostAsync("batches/p1?name=x.jsonl", body)).ProblemAsync(400));
    }

    [Fact]
    public async Task A_form_without_a_file_and_one_that_is_no_form_are_refused()
    {
        using var empty = new MultipartFormDataContent { { new StringContent("x"), "comment" } };
        using var broken = new StringContent("no form at all");
        broken.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=abc");

        Assert.Equal("malformed", await (await _customer.PostAsync("batches/p1", empty)).ProblemAsync(400));
        Assert.Equal("malformed", await (await _customer.PostAsync("batches/p1", broken)).ProblemAsync(400));
    }

    [Fact]
    public async Task A_form_over_the_limit_is_refused()
    {
        _app.Services.GetRequiredService<IngestOptions>().MaxUploadBytes = 1_000;
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[5_000]), "file", "large.jsonl" } };

        Assert.Equal("too_large", await (await _customer.PostAsync("batches/p1", form)).ProblemAsync(413));
    }

    [Fact]
    public async Task A_file_is_previewed_with_a_profile_the_profile_kept_and_the_file_then_read_by_it()
    {
        const string Table = "frage;antwort\nWas tun bei Gicht?;Ruhe halten.\n";
        const string Profile = """{"name":"klinik","prompt":"frage","response":"antwort"}""";
        var bare = await (await _customer.PostAsync("batches/p1/preview?name=t.csv", new StringContent(Table))).JsonAsync();
        var said = await (await _customer.PostAsync($"batches/p1/preview?name=t.csv&profile={Uri.EscapeDataString(Profile)}", new StringContent(Table))).JsonAsync();
        var kept = await (await _customer.PostAsync("batches/p1/profiles", new StringContent(Profile))).JsonAsync();
        using var answer = await _customer.PostAsync("batches/p1?name=t.csv", new StringContent(Table));

        Assert.Equal((null, "frage", "antwort"), ((string?)bare["format"], (string)bare["proposal"]![0]!["paths"]![0]!, (string)bare["proposal"]![1]!["paths"]![0]!));
        Assert.Equal((1, "Ruhe halten."), ((int)said["accepted"]!, (string)said["items"]![0]!["responses"]![0]!["content"]!));
        Assert.Equal(1, (int)kept["profile"]!["version"]!);
        Assert.Equal(("t.csv", "loaded"), await FinalAsync(answer));
        Assert.Equal("klinik", (string)(await (await _customer.GetAsync("batches/p1/profiles")).JsonAsync())["profiles"]![0]!["profile"]!["name"]!);
        Assert.Equal("invalid_profile", await (await _customer.PostAsync("batches/p1/profiles", new StringContent("""{"prompt":"frage"}"""))).ProblemAsync(422));
        Assert.Equal("not_found", await (await _customer.PostAsync("batches/p2/profiles", new StringContent(Profile))).ProblemAsync(404));
    }

    private async Task<(string File, string State)> FinalAsync(HttpResponseMessage received)
    {
        var batchId = (string)(await received.JsonAsync())["batchId"]!;
        JsonNode? receipt = null;
        await Until.TrueAsync("an end of the batch", async () => BatchState.IsFinal((string)(receipt = await (await _customer.GetAsync($"batches/p1/{batchId}")).JsonAsync())["state"]!));
        return ((string)receipt!["file"]!, (string)receipt["state"]!);
    }
}
