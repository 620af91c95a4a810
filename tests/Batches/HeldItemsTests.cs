using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.Batches.Privacy;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Batches;

/// <summary>What leads decide, and what comes of it.</summary>
public sealed class HeldItemsTests : HeldItemsCase
{
    [Fact]
    public async Task A_batch_waits_until_the_last_of_its_held_items_is_decided()
    {
        var batch = await LoadAsync(Three);
        Assert.Equal(("waiting", 3, "3 items may hold personal data and wait for a lead's decision; everything else is loaded."), (batch.State, (int)batch.Held, batch.Reason));
        var held = await HeldAsync(batch);
        Assert.Equal([1, 2, 3], held.Select(item => (int)item["line"]!));

        await DecidedAsync(batch, held[0], new { decision = "release", why = "A made-up number" });
        await DecidedAsync(batch, held[1], new { decision = "drop", why = "A real number" });
        var last = await DecidedAsync(batch, held[2], new { decision = "redact", why = "Keep the question", places = new[] { new { path = "prompt[0].content", start = 12, end = 23, @class = "ssn" } } });

        Assert.Equal(("loaded", 0), ((string)last["state"]!, (int)last["left"]!));
        var receipt = await Lead.GetStringAsync($"batches/p1/{batch.BatchId}");
        Assert.Contains(""" "state":"loaded", """.Trim(), receipt, StringComparison.Ordinal);
        Assert.Contains("""{"held":0,"released":1,"redacted":1,"dropped":1}""", receipt, StringComparison.Ordinal);
        Assert.Equal(receipt, await ReceiptFileAsync(batch));
        Assert.Equal(3, await TasksAsync());
        Assert.Empty(await HeldAsync(batch));
    }

    [Fact]
    public async Task A_batch_with_rejected_lines_goes_on_to_loaded_with_rejects()
    {
        var batch = await LoadAsync(Line("1", Ssn) + "\n{}\n");
        await ManyAsync(batch, new { decision = "drop", why = "Real" });

        Assert.Equal("loaded_with_rejects", (await BatchAsync(batch)).State);
    }

    [Fact]
    public async Task Raters_read_redacted_text_and_the_original_is_nowhere_in_the_store()
    {
        var batch = await LoadAsync(Three);
        await ManyAsync(batch, new { decision = "redact", why = "Real numbers" });
        var items = (await AllAsync<EvalItem>(DocumentKind.Item)).OrderBy(item => item.Line).ToList();

        Assert.Equal("😀 My SSN is [SSN]. What now?", items[0].Messages[0].Content);
        Assert.Equal(items[0].ContentSha256, items[0].ContentHash());
        Assert.NotEqual(items[0].ContentSha256, items[0].OriginalSha256);
        Assert.Null(items[3].OriginalSha256);
        foreach (var kind in DocumentKind.All)
        {
            Assert.All(await AllAsync<JsonObject>(kind), document => Assert.DoesNotContain(Ssn, document.ToJsonString(), StringComparison.Ordinal));
        }

        using var rater = await App.SignedInAsync(Roles.Annotator, "p1");
        Assert.DoesNotContain("SSN is 0", (await rater.NextAsync())!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_decision_leaves_a_record_of_who_when_why_what_and_where()
    {
        var batch = await LoadAsync(Three);
        var held = await HeldAsync(batch);
        await DecidedAsync(batch, held[0], new { decision = "drop", why = " A real number " });
        App.Time.Advance(TimeSpan.FromMinutes(1));
        await DecidedAsync(batch, held[1], new { decision = "redact", why = "Shorten", places = new[] { new { path = "responses[0].content", start = 0, end = 1, @class = "other" } } });
        var decisions = (await (await Lead.GetAsync($"batches/p1/{batch.BatchId}/decisions")).JsonAsync())["decisions"]!.AsArray();

        Assert.Equal(["redacted", "dropped"], decisions.Select(decision => (string)decision!["decision"]!));
        var (redacted, dropped) = (decisions[0]!, decisions[1]!);
        Assert.Equal(("A real number", 1, "2026-11-18T09:00:00.0000000Z"), ((string)dropped["why"]!, (int)dropped["line"]!, (string)dropped["at"]!));
        Assert.StartsWith("prompt[0].content ssn 12 ###-##-####", $"{dropped["suspicions"]![0]!["path"]} {dropped["suspicions"]![0]!["class"]} {dropped["suspicions"]![0]!["start"]} {dropped["suspicions"]![0]!["masked"]}", StringComparison.Ordinal);
        Assert.Equal(("responses[0].content", "other", 0, 1), ((string)redacted["redacted"]![0]!["path"]!, (string)redacted["redacted"]![0]!["class"]!, (int)redacted["redacted"]![0]!["start"]!, (int)redacted["redacted"]![0]!["end"]!));
        Assert.Equal((await MeAsync(Lead), 64), ((string)redacted["by"]!, ((string)redacted["contentSha256"]!).Length));
    }

    [Fact]
    public async Task Many_are_decided_at_once_and_one_that_somebody_else_decided_is_left_alone()
    {
        var batch = await LoadAsync(string.Join('\n', Enumerable.Range(1, 120).Select(n => Line($"{n}", Ssn))));
        var first = (string)(await HeldAsync(batch))[0]["taskId"]!;
        var one = await ManyAsync(batch, new { decision = "drop", why = "Real", taskIds = new[] { first } });
        var same = await ManyAsync(batch, new { decision = "release", why = "Not real", taskIds = new[] { first, "t-unknown" } });
        var next = await ManyAsync(batch, new { decision = "release", why = "Not real" });
        var rest = await ManyAsync(batch, new { decision = "release", why = "Not real" });

        Assert.Equal([(1, 119), (0, 119), (100, 19), (19, 0)], new[] { one, same, next, rest }.Select(answer => ((int)answer["count"]!, (int)answer["left"]!)));
        Assert.Equal("invalid", await (await PostAsync(batch, "", new { decision = "release", why = "x", taskIds = Array.Empty<string>() })).ProblemAsync(422));
        Assert.Equal(119, await TasksAsync());
    }

    [Fact]
    public async Task An_item_with_more_places_than_can_be_redacted_is_not_half_redacted()
    {
        var batch = await LoadAsync(Line("1", string.Join(' ', Enumerable.Repeat(Ssn, 1_001))));
        var answer = await ManyAsync(batch, new { decision = "redact", why = "Real" });

        Assert.Equal((0, 1), ((int)answer["count"]!, (int)answer["left"]!));
        Assert.Equal(1, (int)(await (await Lead.GetAsync($"batches/p1/{batch.BatchId}/held/{(await HeldAsync(batch))[0]["taskId"]}")).JsonAsync())["more"]!);
    }

    [Fact]
    public async Task TwoLeads_at_once_decide_once()
    {
        var batch = await LoadAsync(Line("1", Ssn));
        var item = Assert.Single(await HeldAsync(batch));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => PostAsync(batch, $"/{item["taskId"]}", new { decision = n % 2 == 0 ? "release" : "drop", why = "x" })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        var decided = (await BatchAsync(batch)).Decided!;
        Assert.Equal(decided.Released, await TasksAsync());
        Assert.Equal(1, decided.Released + decided.Dropped);
        Assert.Equal(await Lead.GetStringAsync($"batches/p1/{batch.BatchId}"), await ReceiptFileAsync(batch));
    }

    [Fact]
    public async Task A_decision_that_the_batch_never_heard_of_is_made_good_when_somebody_looks()
    {
        var batch = await LoadAsync(Line("1", Ssn));
        var item = Assert.Single(await HeldAsync(batch));
        await DecidedAsync(batch, item, new { decision = "drop", why = "x" });
        await App.Store.CommitAsync(new Write.Put(Batch.Key("p1", batch.BatchId), batch), default); // as if the program had been stopped in between
        Assert.Empty(await HeldAsync(batch));

        Assert.Equal(("loaded", 1L), ((await BatchAsync(batch)).State, (await BatchAsync(batch)).Decided!.Dropped));
    }

    [Theory]
    [InlineData("prompt[0].content", 12, 99, "ssn")]
    [InlineData("prompt[0].content", -1, 3, "ssn")]
    [InlineData("prompt[0].content", 5, 5, "ssn")]
    [InlineData("prompt[0].content", 5, 3, "ssn")]
    [InlineData("prompt[7].content", 0, 1, "ssn")]
    [InlineData("meta", 0, 1, "ssn")]
    [InlineData("prompt[0].content", 0, 1, "<script>")]
    public async Task A_redaction_that_does_not_fit_changes_nothing(string path, int start, int end, string kind)
    {
        var batch = await LoadAsync(Three);
        var held = await HeldAsync(batch);
        var answer = await PostAsync(batch, $"/{held[0]["taskId"]}", new { decision = "redact", why = "x", places = new[] { new { path, start, end, @class = kind } } });

        Assert.Equal("invalid", await answer.ProblemAsync(422));
        Assert.Equal(3, (await HeldAsync(batch)).Count);
    }

    [Fact]
    public async Task Refusals_say_what_is_missing()
    {
        var batch = await LoadAsync(Three);
        var held = await HeldAsync(batch);
        var path = $"/{held[0]["taskId"]}";

        Assert.Equal("invalid", await (await PostAsync(batch, path, new { decision = "release", why = " " })).ProblemAsync(422));
        Assert.Equal("invalid", await (await PostAsync(batch, path, new { decision = "burn", why = "x" })).ProblemAsync(422));
        Assert.Equal("invalid", await (await PostAsync(batch, path, new { decision = "redact", why = "x" })).ProblemAsync(422));
        Assert.Equal("invalid", await (await PostAsync(batch, path, new { decision = "redact", why = "x", places = Array.Empty<object>() })).ProblemAsync(422));
        Assert.Equal("not_found", await (await PostAsync(batch, "/t0", new { decision = "drop", why = "x" })).ProblemAsync(404));
        Assert.Equal("not_found", await (await Lead.PostAsync($"batches/p1/b-another/held{path}", Body.Of(new { decision = "drop", why = "x" }))).ProblemAsync(404));
        await DecidedAsync(batch, held[0], new { decision = "drop", why = "x" });
        Assert.Equal("already_decided", await (await PostAsync(batch, path, new { decision = "release", why = "x" })).ProblemAsync(409));
        Assert.Equal("not_found", await (await Lead.GetAsync($"batches/p1/{batch.BatchId}/held{path}")).ProblemAsync(404));
    }

    [Fact]
    public async Task Leads_read_the_text_with_its_places_and_nobody_else_does()
    {
        var batch = await LoadAsync(Three);
        var held = (await HeldAsync(batch))[0];
        var place = held["places"]![0]!;
        Assert.Equal(("ssn", 12, 23, "###-##-####", "😀 My SSN is ", ". What now?"), ((string)place["class"]!, (int)place["start"]!, (int)place["end"]!, (string)place["masked"]!, (string)place["before"]!, (string)place["after"]!));
        Assert.DoesNotContain(Ssn, held.ToJsonString(), StringComparison.Ordinal);

        var path = $"batches/p1/{batch.BatchId}/held/{held["taskId"]}";
        Assert.Contains(Ssn, await Lead.GetStringAsync(path), StringComparison.Ordinal);
        using var customer = await App.SignedInAsync(Roles.Customer, "p1");
        using var rater = await App.SignedInAsync(Roles.Annotator, "p1");
        foreach (var person in new[] { customer, rater })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await person.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await person.GetAsync($"batches/p1/{batch.BatchId}/held")).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await person.PostAsync($"batches/p1/{batch.BatchId}/held", Body.Of(new { decision = "release", why = "x" }))).StatusCode);
        }
    }
}
