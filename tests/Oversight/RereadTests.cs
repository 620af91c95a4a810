using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Oversight;

/// <summary>A file was loaded with its fields taken for something else: its batch is withdrawn, and the same bytes are read as somebody says.</summary>
public sealed class RereadTests : IAsyncLifetime
{
    private const string Table = "item_id,prompt_id,question,answer,said\ni1,p1,Was hilft bei Gicht?,Was richtig ist.,Ruhe.\ni2,p2,Und bei Fieber?,Was auch richtig ist.,Wasser.\n";
    private const string Said = """{"name":"clinic","prompt":["question"],"response":["said"],"reference":"answer","itemId":"item_id","promptId":"prompt_id"}""";
    private TestApp _app = null!;
    private HttpClient _lead = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        await _app.AddProjectAsync("p1", project => project with { Overlap = 1 });
        _lead = await _app.SignedInAsync(Roles.Lead);
    }

    public ValueTask DisposeAsync()
    {
        _lead.Dispose();
        return _app.DisposeAsync();
    }

    [Fact]
    public async Task The_wrong_reading_is_judged_no_more_and_the_right_one_is()
    {
        var wrong = await UploadAsync(Table);
        Assert.Equal(["Was auch richtig ist.", "Was richtig ist."], await AnswersAsync(wrong));
        Assert.Equal("not_withdrawn", await (await AgainAsync(wrong, Said)).ProblemAsync(409));
        await WithdrawAsync(wrong);
        Assert.Equal("invalid_profile", await (await AgainAsync(wrong, """{"name":"x"}""")).ProblemAsync(422));

        using var answer = await AgainAsync(wrong, Said);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var right = (string)(await answer.JsonAsync())["batchId"]!;
        var receipt = await FinalAsync(right);

        Assert.Equal(("loaded", "profile clinic v1, csv", 2, 2, wrong),
            ((string)receipt["state"]!, (string)receipt["format"]!, (int)receipt["accepted"]!, (int)receipt["reading"]!, (string)receipt["firstReading"]!));
        Assert.Equal(["Ruhe.", "Wasser."], await AnswersAsync(right));
        Assert.Equal(right, (string)(await (await _lead.GetAsync($"batches/p1/{wrong}")).JsonAsync())["readAgainAs"]!);
        using var rater = await _app.SignedInAsync(Roles.Annotator);
        var shown = (await rater.NextAsync("p1"))!["task"]!["item"]!["responses"]![0]!["text"]!.GetValue<string>();
        Assert.Contains(shown, (string[])["Ruhe.", "Wasser."]);
        Assert.Equal(2, (int)(await (await _lead.GetAsync("projects/p1/progress")).JsonAsync())["wanted"]!);
    }

    [Fact]
    public async Task Ids_stand_for_what_the_right_reading_says_and_a_second_mistake_can_be_put_right_too()
    {
        var wrong = await UploadAsync(Table);
        await WithdrawAsync(wrong);
        var second = (string)(await (await AgainAsync(wrong, Said.Replace("\"question\"", "\"answer\"", StringComparison.Ordinal)
            .Replace("\"reference\":\"answer\",", "", StringComparison.Ordinal))).JsonAsync())["batchId"]!;
        Assert.Equal("loaded", (string)(await FinalAsync(second))["state"]!);
        await WithdrawAsync(second);
        var third = (string)(await (await AgainAsync(second, Said)).JsonAsync())["batchId"]!;
        var receipt = await FinalAsync(third);

        Assert.Equal((3, 2, "profile clinic v2, csv"), ((int)receipt["reading"]!, (int)receipt["accepted"]!, (string)receipt["format"]!));
        Assert.Equal(["Ruhe.", "Wasser."], await AnswersAsync(third));
        var next = await FinalAsync(await SendAsync("item_id,prompt_id,question,answer,said\ni9,p1,Was hilft bei Gicht?,R.,Schlaf.\n"));
        Assert.Equal(("loaded", 1), ((string)next["state"]!, (int)next["accepted"]!)); // p1 is the question again, as the third reading says
    }

    [Fact]
    public async Task Only_a_lead_reads_again_and_only_what_is_there()
    {
        var wrong = await UploadAsync(Table);
        await WithdrawAsync(wrong);
        using var customer = await _app.SignedInAsync(Roles.Customer, "p1");

        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PostAsync($"oversight/p1/batches/{wrong}/read-again", Body(Said))).StatusCode);
        Assert.Equal("not_found", await (await AgainAsync("b000000000000000000000000", Said)).ProblemAsync(404));
    }

    private Task<HttpResponseMessage> AgainAsync(string batchId, string profile) =>
        _lead.PostAsync($"oversight/p1/batches/{batchId}/read-again", Body(profile));

    private async Task WithdrawAsync(string batchId) =>
        Assert.Equal(HttpStatusCode.OK, (await _lead.PostAsync($"oversight/p1/batches/{batchId}/withdraw",
            TestHost.Body.Of(new { why = "answer is the reference" }))).StatusCode);

    private async Task<List<string>> AnswersAsync(string batchId) =>
        await _app.Store.AllAsync<EvalItem>(new DocumentQuery(DocumentKind.Item) { ProjectId = "p1", Where = [new Filter.Equal("batchId", batchId)] }, default)
            .Select(item => item.Value.Responses[0].Content).Order(StringComparer.Ordinal).ToListAsync();

    private async Task<string> UploadAsync(string content)
    {
        var batchId = await SendAsync(content);
        await FinalAsync(batchId);
        return batchId;
    }

    private async Task<string> SendAsync(string content) => (string)(await (await _lead.PostAsync("batches/p1?name=export.csv", new StringContent(content)))
        .JsonAsync())["batchId"]!;

    private async Task<JsonNode> FinalAsync(string batchId)
    {
        var receipt = (JsonNode)new JsonObject();
        await Until.TrueAsync("a final receipt", async () => BatchState.IsFinal((string)(receipt = await (await _lead.GetAsync($"batches/p1/{batchId}"))
            .JsonAsync())["state"]!));
        return receipt;
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");
}
