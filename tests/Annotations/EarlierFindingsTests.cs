using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Annotations;

/// <summary>What one has found in other answers to the same prompt: one's own, once it is handed in, and never of the same text.</summary>
public sealed class EarlierFindingsTests : IAsyncLifetime
{
    private TestApp _app = null!;
    private HttpClient _rater = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        var project = await _app.AddProjectAsync("p1", project => project with { Overlap = 2 });
        await _app.AddItemsAsync(project, new[] { "Take 500 mg.", "Drink water.", "Take 500 mg." }.Select((answer, i) => Item(i + 1, answer)));
        _rater = await _app.SignedInAsync(Roles.Annotator);
    }

    public async ValueTask DisposeAsync()
    {
        _rater.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Claims_and_what_is_missing_are_offered_for_another_answer_after_the_first_is_handed_in()
    {
        var first = await JudgedAsync("t000001", submit: false);
        var second = await HeldAsync("t000002");
        Assert.Empty((await EarlierAsync("t000002"))["judgements"]!.AsArray()); // not before it is handed in

        (await _rater.SubmitAsync(first, WithFindings())).EnsureSuccessStatusCode();

        var found = Assert.Single((await EarlierAsync("t000002"))["judgements"]!.AsArray())!;
        var claim = Assert.Single(found["claims"]!.AsArray())!;
        Assert.Equal(("Take 500 mg.", "SUPPORTED"), (claim["quote"]!.GetValue<string>(), claim["verdict"]!.GetValue<string>()));
        Assert.Equal("https://dailymed.nlm.nih.gov/x", claim["evidence"]![0]!["url"]!.GetValue<string>());
        Assert.Null(claim["start"]);
        Assert.Equal("When to see a doctor", found["missing"]![0]!["missingText"]!.GetValue<string>());
        Assert.NotNull(second);

        await HeldAsync("t000003");
        Assert.Empty((await EarlierAsync("t000003"))["judgements"]!.AsArray()); // the very same answer is judged anew
    }

    [Fact]
    public async Task Nobody_gets_what_somebody_else_has_found_or_what_belongs_to_a_task_that_is_not_theirs()
    {
        await JudgedAsync("t000001", submit: true);
        Assert.Equal(HttpStatusCode.NotFound, (await _rater.GetAsync("annotations/p1/t000002/earlier")).StatusCode);

        using var other = await _app.SignedInAsync(Roles.Annotator);
        var next = (await other.NextAsync())!;
        Assert.Empty((await (await other.GetAsync($"annotations/p1/{next.TaskId()}/earlier")).JsonAsync())["judgements"]!.AsArray());
    }

    private static EvalItem Item(int number, string answer)
    {
        var item = Work.Item("p1", number, responses: [answer]) with { PromptId = "one" };
        return item with { ContentSha256 = item.ContentHash() };
    }

    private async Task<JsonNode> HeldAsync(string taskId)
    {
        var holding = new List<string>();
        while (await _rater.NextAsync("p1", [.. holding]) is { } next)
        {
            if (next.TaskId() == taskId)
            {
                return next;
            }

            holding.Add(next.TaskId());
        }

        throw new InvalidOperationException($"{taskId} was not handed out.");
    }

    private async Task<JsonNode> JudgedAsync(string taskId, bool submit)
    {
        var next = await HeldAsync(taskId);
        if (submit)
        {
            (await _rater.SubmitAsync(next, WithFindings())).EnsureSuccessStatusCode();
            foreach (var held in (await (await _rater.GetAsync("tasks/desk")).JsonAsync())["held"]!.AsArray())
            {
                Assert.NotEqual(taskId, held!["taskId"]!.GetValue<string>());
            }
        }

        return next;
    }

    private static JsonNode WithFindings()
    {
        var judgement = Work.Judgement();
        judgement["claims"] = JsonNode.Parse("""
            [{"response":"A","start":0,"end":12,"quote":"Take 500 mg.","type":"dose","checkworthiness":"must","verdict":"SUPPORTED",
              "evidence":[{"url":"https://dailymed.nlm.nih.gov/x","title":"Label","tier":"T1","stance":"supports"}]}]
            """);
        judgement["spans"] = JsonNode.Parse("""[{"response":"A","kind":"improve","code":"O5","severity":"minor","missingText":"When to see a doctor"}]""");
        return judgement;
    }

    private async Task<JsonNode> EarlierAsync(string taskId) => await (await _rater.GetAsync($"annotations/p1/{taskId}/earlier")).JsonAsync();
}
