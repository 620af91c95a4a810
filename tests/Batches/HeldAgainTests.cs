using HealthEval.Batches;
using HealthEval.Batches.Privacy;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Batches;

/// <summary>Records that come in again, in the same form or another, after they were held or beside others that are.</summary>
public sealed class HeldAgainTests : HeldItemsCase
{
    [Theory]
    [InlineData("hold")]
    [InlineData("warn")]
    public async Task A_decision_outlasts_the_file_sent_again_and_the_rule_changed(string ruleNow)
    {
        var batch = await LoadAsync(Three);
        var held = await HeldAsync(batch);
        await DecidedAsync(batch, held[0], new { decision = "drop", why = "Real" });
        await ManyAsync(batch, new { decision = "redact", why = "Real", taskIds = new[] { (string)held[1]["taskId"]! } });
        await ManyAsync(batch, new { decision = "release", why = "Not real" });
        await App.AddProjectAsync("p1", project => project with { Privacy = ruleNow });
        var again = await LoadAsync(Three + Line("5", "new") + "\n");

        Assert.Equal((1, 4, 0, "loaded"), ((int)again.Accepted, (int)again.Duplicate, (int)again.Held, again.State));
        var items = await AllAsync<EvalItem>(DocumentKind.Item);
        Assert.Equal(["new", "q", "😀 My SSN is 078-05-1120. What now?", "😀 My SSN is [SSN]. What now?"], items.Select(item => item.Messages[0].Content).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_decision_outlasts_the_change_from_lines_to_groups_and_back(bool groupsFirst)
    {
        string[] lines = [.. "ab".Select(model => $$"""{"prompt":"My SSN is {{Ssn}}","response":"{{model}}","model":"{{model}}"}""")];
        await App.AddProjectAsync("p1", project => project with { Privacy = "hold", Comparison = groupsFirst });
        var batch = await LoadAsync(string.Join('\n', lines));
        Assert.Equal(groupsFirst ? 1 : 2, batch.Held);
        await ManyAsync(batch, new { decision = "drop", why = "Real" });
        await App.AddProjectAsync("p1", project => project with { Privacy = "warn", Comparison = !groupsFirst });
        var again = await LoadAsync(string.Join('\n', lines.Reverse()));

        Assert.Equal((0, 2, 0L), ((int)again.Accepted, (int)again.Duplicate, await TasksAsync()));
    }

    [Fact]
    public async Task A_dropped_record_comes_in_again_without_what_it_was_dropped_for()
    {
        var batch = await LoadAsync(Three);
        await ManyAsync(batch, new { decision = "drop", why = "Real" });
        var clean = await LoadAsync(Line("1", "My number was stolen. What now?") + "\n" + Line("2", $"Another SSN: {Ssn}") + "\n");

        Assert.Equal((1, 1), ((int)clean.Accepted, (int)clean.Rejected));
        Assert.Contains("Give a changed record a new id", clean.Errors[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_raters_see_already_is_not_held_any_more()
    {
        await App.AddProjectAsync("p1", project => project with { Privacy = "warn" });
        await LoadAsync(Three);
        await App.AddProjectAsync("p1", project => project with { Privacy = "hold" });
        var again = await LoadAsync(Three + "\n");

        Assert.Equal((0, 4, 0), ((int)again.Accepted, (int)again.Duplicate, (int)again.Held));
    }

    [Fact]
    public async Task One_id_held_and_free_in_one_file_is_one_item_and_a_conflict()
    {
        var batch = await LoadAsync(Line("1", Ssn) + "\n" + Line("1", "clean") + "\n" + Line("2", "clean") + "\n" + Line("2", Ssn) + "\n");

        Assert.Equal((2, 2, 1, 1L), ((int)batch.Accepted, (int)batch.Rejected, (int)batch.Held, await TasksAsync()));
    }

    [Fact]
    public async Task Of_a_long_record_only_the_responses_in_question_are_held()
    {
        var responses = string.Join(',', Enumerable.Range(0, 6).Select(n => $$"""{"response_id":"r{{n}}","content":"{{(n == 4 ? "Call jane@clinic.example" : "rest")}}"}"""));
        var batch = await LoadAsync($$"""{"prompt_id":"p","prompt":"q","responses":[{{responses}}]}""");
        var held = Assert.Single(await HeldAsync(batch));

        Assert.Equal((1, 1, 5L), ((int)batch.Accepted, (int)batch.Held, await TasksAsync()));
        Assert.Equal("responses[0].content", (string)held["places"]![0]!["path"]!);
    }
}
