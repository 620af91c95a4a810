using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.Intake;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Batches;

public sealed class BatchesApiTests : IAsyncLifetime
{
    private const string TwoGoodOneBad = """
        {"item_id":"1","prompt":"q1","response":"a1"}
        {"item_id":"2","prompt":"q2","response":7}
        {"item_id":"3","prompt":"q3","response":"a3"}
        """;

    private TestApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        await _app.AddProjectAsync("p1");
        await _app.AddProjectAsync("p2");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_upload_is_received_at_once_and_loaded_soon()
    {
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");
        using var answer = await customer.PostAsync("batches/p1?name=my%20batch.jsonl", Chunked(TwoGoodOneBad));
        var received = await answer.JsonAsync();
        var receipt = await FinalAsync(customer, (string)received["batchId"]!);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(("loaded_with_rejects", "my batch.jsonl", 3, 2, 1), ((string)receipt["state"]!, (string)receipt["file"]!, (int)receipt["read"]!, (int)receipt["accepted"]!, (int)receipt["rejected"]!));
        Assert.Equal(("response", 2), ((string)receipt["errors"]![0]!["path"]!, (int)receipt["errors"]![0]!["line"]!));
        var rejects = await customer.GetStringAsync($"batches/p1/{received["batchId"]}/rejects");
        Assert.Equal("""{"line":2,"path":"response","reason":"Expected a text or a list of text parts, found a number."}""", rejects.Trim());
        Assert.Equal(2, await _app.Store.CountAsync(new DocumentQuery(DocumentKind.Task) { ProjectId = "p1" }, default));
        Assert.NotNull(await _app.Files.FindAsync(Batch.ReceiptPath("p1", (string)received["batchId"]!), default));
    }

    [Fact]
    public async Task The_history_is_listed_newest_first_and_only_of_the_own_project()
    {
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");
        await UploadAsync(customer, "a.jsonl", """{"prompt":"1","response":"1"}""");
        _app.Time.Advance(TimeSpan.FromMinutes(1));
        await UploadAsync(customer, "b.jsonl", """{"prompt":"2","response":"2"}""");

        var batches = (await (await customer.GetAsync("batches/p1")).JsonAsync())["batches"]!.AsArray();
        Assert.Equal(["b.jsonl", "a.jsonl"], batches.Select(batch => (string)batch!["file"]!));
        Assert.Equal("not_found", await (await customer.GetAsync("batches/p2")).ProblemAsync(404));
        Assert.Equal("not_found", await (await customer.PostAsync("batches/p2?name=x", Chunked("x"))).ProblemAsync(404));
    }

    [Fact]
    public async Task A_long_history_comes_in_pages_without_a_gap()
    {
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");
        for (var n = 0; n < 53; n++)
        {
            var batch = Batch.Begin("p1", $"{n}.jsonl", 1, $"{n:x64}", _app.Time.GetUtcNow().AddMinutes(n)) with { State = BatchState.Loaded };
            await _app.Store.CommitAsync(new Write.Create(Batch.Key("p1", batch.BatchId), batch), default);
        }

        var first = await (await customer.GetAsync("batches/p1")).JsonAsync();
        var second = await (await customer.GetAsync($"batches/p1?continuation={Uri.EscapeDataString((string)first["continuation"]!)}")).JsonAsync();
        var files = first["batches"]!.AsArray().Concat(second["batches"]!.AsArray()).Select(batch => (string)batch!["file"]!);

        Assert.Equal(Enumerable.Range(0, 53).Reverse().Select(n => $"{n}.jsonl"), files);
        Assert.Null(second["continuation"]);
    }

    [Fact]
    public async Task A_corrected_file_sent_again_adds_only_what_was_missing()
    {
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");
        var first = await UploadAsync(customer, "batch.jsonl", TwoGoodOneBad);
        var again = await UploadAsync(customer, "batch.jsonl", TwoGoodOneBad.Replace("7}", "\"now a text\"}", StringComparison.Ordinal));

        Assert.Equal(("loaded_with_rejects", 2, 0, 1), ((string)first["state"]!, (int)first["accepted"]!, (int)first["duplicate"]!, (int)first["rejected"]!));
        Assert.Equal(("loaded", 1, 2, 0), ((string)again["state"]!, (int)again["accepted"]!, (int)again["duplicate"]!, (int)again["rejected"]!));
        Assert.Equal(3, await _app.Store.CountAsync(new DocumentQuery(DocumentKind.Task) { ProjectId = "p1" }, default));
    }

    /// <summary>Cut where a letter of two halves would lose one of them.</summary>
    [Fact]
    public async Task A_name_that_is_too_long_is_cut_between_letters()
    {
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");
        var receipt = await UploadAsync(customer, string.Concat(Enumerable.Repeat("\U0001D49C", 48)) + "abc.jsonl", """{"prompt":"1","response":"1"}""");

        Assert.Equal(("loaded", string.Concat(Enumerable.Repeat("\U0001D49C", 47)) + "abc.jsonl"), ((string)receipt["state"]!, (string)receipt["file"]!));
    }

    [Fact]
    public async Task Uploads_of_one_name_in_the_same_moment_are_all_loaded()
    {
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1"); // the clock stands still: all have the same millisecond
        var received = await Task.WhenAll(Enumerable.Range(0, 96).Select(n => Task.Run(async () =>
        {
            using var answer = await customer.PostAsync("batches/p1?name=same.jsonl", Chunked($$"""{"prompt":"q{{n}}","response":"a{{n}}"}"""));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return (string)(await answer.JsonAsync())["batchId"]!;
        })));
        foreach (var batchId in received)
        {
            Assert.Equal("loaded", (string)(await FinalAsync(customer, batchId))["state"]!);
        }

        Assert.Equal((96, 96), (received.Distinct().Count(), (int)await _app.Store.CountAsync(new DocumentQuery(DocumentKind.Task) { ProjectId = "p1" }, default)));
    }

    [Fact]
    public async Task An_uploaded_table_is_whole_without_a_last_line_break()
    {
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");
        var receipt = await UploadAsync(customer, "table.csv", "prompt,response\nq1,a1\nq2,a2");

        Assert.Equal(("loaded", 2), ((string)receipt["state"]!, (int)receipt["accepted"]!));
    }

    [Fact]
    public async Task A_statement_about_personal_data_stays_with_the_batch()
    {
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");
        var without = await UploadAsync(customer, "a.jsonl", """{"prompt":"1","response":"1"}""");
        var with = await UploadAsync(customer, "b.jsonl", """{"prompt":"2","response":"2"}""", "&attested=true");

        Assert.Null(without["attested"]);
        Assert.Equal((string)(await (await customer.GetAsync("me")).JsonAsync())["personId"]!, (string)with["attested"]!["by"]!);
    }

    [Fact]
    public async Task Raters_see_nothing_of_batches()
    {
        using var rater = await _app.SignedInAsync(Roles.Annotator);

        Assert.Equal(HttpStatusCode.Forbidden, (await rater.GetAsync("batches/p1")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await rater.PostAsync("batches/p1?name=x", Chunked("x"))).StatusCode);
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("..")]
    [InlineData("a\\..\\b\r\nSet-Cookie: x.jsonl")]
    [InlineData("con<>|?*.jsonl")]
    public async Task A_file_name_never_leads_out_of_the_drop_folder(string name)
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This is about the folder on disk.");
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");
        await UploadAsync(customer, name, """{"prompt":"1","response":"1"}""");

        var root = Path.Combine(_app.Folder, "files", "drop", "p1");
        var written = Files().Where(file => !file.Contains("receipts", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(written);
        Assert.All(written, file => Assert.StartsWith(root, file, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_over_the_limit_is_refused_and_leaves_nothing(bool chunked)
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This is about the folder on disk.");
        _app.Services.GetRequiredService<IngestOptions>().MaxUploadBytes = 1_000;
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");
        using HttpContent body = chunked ? Chunked(new string('x', 5_000)) : new StringContent(new string('x', 5_000));

        Assert.Equal("too_large", await (await customer.PostAsync("batches/p1?name=x.jsonl", body)).ProblemAsync(413));
        Assert.Empty(Files());
    }

    /// <summary>What lies on disk, save the database, the lock, and what is another customer's.</summary>
    private IEnumerable<string> Files() => Directory.GetFiles(_app.Folder, "*", SearchOption.AllDirectories).Where(file =>
        !file.Contains("healtheval.db", StringComparison.Ordinal) && !file.EndsWith("/.lock", StringComparison.Ordinal) && !file.Contains(Neighbour.ProjectId, StringComparison.Ordinal));

    [Fact]
    public async Task An_upload_without_a_name_is_told_how()
    {
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");

        Assert.Equal("malformed", await (await customer.PostAsync("batches/p1", Chunked("x"))).ProblemAsync(400));
    }

    private static StreamContent Chunked(string text) => new(new Unsized(Encoding.UTF8.GetBytes(text)));

    private static async Task<JsonNode> UploadAsync(HttpClient client, string name, string content, string more = "")
    {
        using var answer = await client.PostAsync($"batches/p1?name={Uri.EscapeDataString(name)}{more}", Chunked(content));
        return await FinalAsync(client, (string)(await answer.JsonAsync())["batchId"]!);
    }

    private static async Task<JsonNode> FinalAsync(HttpClient client, string batchId)
    {
        JsonNode? receipt = null;
        await Until.TrueAsync("an end of the batch", async () => BatchState.IsFinal((string)(receipt = await (await client.GetAsync($"batches/p1/{batchId}")).JsonAsync())["state"]!));
        return receipt!;
    }

    /// <summary>A body whose length nobody knows beforehand.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
