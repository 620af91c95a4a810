using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Batches;

/// <summary>"Tell us what is what": from a failed receipt to a loaded file.</summary>
public sealed class MappingApiTests : IAsyncLifetime
{
    private const string Table = "nr;frage;antwort_a;antwort_b\n7;Was hilft bei Gicht?;Ruhe und Wasser.;Schlaf.\n8;Und bei Fieber?;Trinken Sie viel.;Schlaf.\n";
    private const string Said = """{"name":"Klinik","prompt":["frage"],"response":["A:antwort_a","B:antwort_b"],"itemId":"nr"}""";
    private TestApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        await _app.AddProjectAsync("p1");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_file_that_failed_is_looked_at_mapped_and_loaded_without_being_sent_again()
    {
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");
        var batch = await UploadAsync(customer, "export.csv", Table);
        Assert.Equal("failed", (string)batch["state"]!);

        var seen = await (await customer.PostAsync($"batches/p1/{batch["batchId"]}/preview", Body(""))).JsonAsync();
        Assert.Null(seen["format"]);
        Assert.Equal(["prompt=frage", "response=antwort_a+antwort_b", "itemId=nr"], seen["proposal"]!.AsArray().Select(one => $"{one!["field"]}={string.Join('+', one["paths"]!.AsArray())}"));
        Assert.Equal((2, "Was hilft bei Gicht?"), ((int)seen["fields"]![1]!["records"]!, (string)seen["fields"]![1]!["example"]!));

        var live = await (await customer.PostAsync($"batches/p1/{batch["batchId"]}/preview?records=1", Body(Said))).JsonAsync();
        Assert.Equal((1, 1, false, "A"), ((int)live["read"]!, (int)live["accepted"]!, (bool)live["isWhole"]!, (string)live["items"]![0]!["responses"]![0]!["model"]!));
        Assert.Equal(0, await _app.Store.CountAsync(new DocumentQuery(DocumentKind.Item) { ProjectId = "p1" }, default));

        using var again = await customer.PostAsync($"batches/p1/{batch["batchId"]}/again", Body(Said));
        Assert.Equal((HttpStatusCode.Accepted, (string)batch["batchId"]!), (again.StatusCode, (string)(await again.JsonAsync())["batchId"]!));
        var loaded = await FinalAsync(customer, (string)batch["batchId"]!);
        Assert.Equal(("loaded", "profile Klinik v1, csv", 2, "frage"), ((string)loaded["state"]!, (string)loaded["format"]!, (int)loaded["accepted"]!, (string)loaded["mapping"]!["prompt"]!));

        var next = await UploadAsync(customer, "next.csv", Table.Replace("7;", "9;", StringComparison.Ordinal).Replace("8;", "10;", StringComparison.Ordinal));
        Assert.Equal("profile Klinik v1, csv", (string)next["format"]!);
        Assert.Equal("not_failed", await (await customer.PostAsync($"batches/p1/{batch["batchId"]}/again", Body(Said))).ProblemAsync(409));
        var kept = await _app.Services.GetRequiredService<AuditTrail>().EntriesAsync("p1", default).Where(entry => entry.Action == AuditActions.ProfileKept).ToListAsync();
        Assert.Single(kept);
    }

    [Fact]
    public async Task A_profile_that_cannot_be_used_says_why_and_leaves_the_receipt_as_it_was()
    {
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");
        var batch = await UploadAsync(customer, "export.csv", Table);

        Assert.Equal("invalid_profile", await (await customer.PostAsync($"batches/p1/{batch["batchId"]}/again", Body("""{"prompt":["frage"]}"""))).ProblemAsync(422));
        Assert.Equal("invalid_profile", await (await customer.PostAsync($"batches/p1/{batch["batchId"]}/again", Body(""))).ProblemAsync(422));
        Assert.Equal("not_found", await (await customer.PostAsync("batches/p1/b000000000000000000000000/preview", Body(""))).ProblemAsync(404));
        Assert.Equal("failed", (string)(await (await customer.GetAsync($"batches/p1/{batch["batchId"]}")).JsonAsync())["state"]!);
        Assert.Empty((await (await customer.GetAsync("batches/p1/profiles")).JsonAsync())["profiles"]!.AsArray());
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task<JsonNode> UploadAsync(HttpClient customer, string name, string content)
    {
        using var answer = await customer.PostAsync($"batches/p1?name={name}", new StringContent(content));
        return await FinalAsync(customer, (string)(await answer.JsonAsync())["batchId"]!);
    }

    private static async Task<JsonNode> FinalAsync(HttpClient customer, string batchId)
    {
        var receipt = (JsonNode)new JsonObject();
        await Until.TrueAsync("a final receipt", async () => BatchState.IsFinal((string)(receipt = await (await customer.GetAsync($"batches/p1/{batchId}")).JsonAsync())["state"]!));
        return receipt;
    }
}
