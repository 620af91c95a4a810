using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Cli;
using HealthEval.Guidelines;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Quality;

/// <summary>
/// Simulated raters of every profile before the rules of the watch, with the defaults of a new project: which rule fires, after how many tasks. The table
/// stands in docs/raters.md; the test writes it to its output.
/// </summary>
public sealed class WatchSimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 20;
    private const int Tasks = 200;
    private const double GoldShare = 0.08;
    private static readonly Guideline Guideline = GuidelineLibrary.Default;
    private static readonly QualitySettings Settings = QualitySettings.Standard;

    [Theory]
    [InlineData("lazy", "straight_lining", 15)]
    [InlineData("harsh", "gold_error", 200)]
    [InlineData("drifting", "gold_error", 400)]
    [InlineData("careless", "missed_criticals", 400)]
    [InlineData("copying", "text_reuse", 20)]
    public void A_bad_rater_is_paused_by_the_rule_that_is_meant_for_them(string profile, string rule, int within)
    {
        var pauses = Enumerable.Range(1, Seeds).Select(seed => Run(seed, RaterProfile.Find(profile)!, within, number: 9)).ToList();

        var after = pauses.Where(pause => pause.Rule == rule).Select(pause => pause.After).Order().ToList();
        output.WriteLine($"| {profile} | {rule} | {after.Count} of {Seeds} | {(after.Count == 0 ? 0 : after[0])} | {(after.Count == 0 ? 0 : after[after.Count / 2])} | {(after.Count == 0 ? 0 : after[^1])} | {Others(pauses, rule)} |");
        Assert.True(after.Count >= Seeds - 2, $"{rule} paused {after.Count} of {Seeds}; others: {Others(pauses, rule)}");
    }

    [Fact]
    public void Fewer_than_one_in_a_hundred_good_raters_is_paused_in_200_tasks()
    {
        var pauses = Enumerable.Range(1, Seeds).SelectMany(seed => Enumerable.Range(1, 10).Select(number => Run(seed, RaterProfile.Good, Tasks, number))).ToList();

        var paused = pauses.Count(pause => pause.Rule is not null);
        output.WriteLine($"good: {paused} of {pauses.Count} paused in {Tasks} tasks; {pauses.Sum(pause => pause.Notices)} notices without a pause");
        Assert.True(paused < pauses.Count / 100.0, $"{paused} of {pauses.Count}");
    }

    private static string Others(List<Paused> pauses, string rule) =>
        string.Join(", ", pauses.Where(pause => pause.Rule != rule).CountBy(pause => pause.Rule ?? "nobody").OrderBy(other => other.Key, StringComparer.Ordinal).Select(other => $"{other.Key} {other.Value}"));

    private sealed record Paused(string? Rule, int After, int Notices);

    private static Paused Run(int seed, RaterProfile profile, int tasks, int number)
    {
        var rater = new SimulatedRater(seed, number, profile);
        var peers = new[] { new SimulatedRater(seed, 101), new SimulatedRater(seed, 102), new SimulatedRater(seed, 103) };
        var norms = Norms.Of([.. peers.Select((peer, n) => Enumerable.Range(1, 30).Aggregate(RaterWatch.New("p1", $"peer{n}", ""), (watch, task) =>
            watch.With(Glances.Of(Made(peer, Item(seed, task), $"peer{n}", null), Item(seed, task), [], new Norms(null, null, new Dictionary<string, double>())), null)))]);
        var (watch, notices) = (RaterWatch.New("p1", "rater", ""), 0);
        for (var n = 0; n < tasks; n++)
        {
            var item = Item(seed, n + 1_000);
            var gold = GoldSchedule.IsDue("p1", $"{seed}/{number}", GoldShare, n, out var run) ? Gold(seed, item, planted: run % 2 == 0) : null;
            var made = Made(rater, item, "rater", gold);
            IReadOnlyList<Annotation> others = gold is null && n % 2 == 0 ? [Made(peers[n / 2 % 3], item, "peer", null)] : [];
            watch = watch.With(Glances.Of(made, item, others, norms), gold is null ? null : Glances.Of(GoldScore.Of(gold, made)));
            var due = WatchRules.Due(Settings, watch, norms.PaceWithout("rater"));
            if (due.Find(fired => WatchRules.Pauses(Settings, fired)) is { } fired)
            {
                return new Paused(fired.Rule, n + 1, notices);
            }

            notices += due.Count;
            watch = watch with { Told = due.Aggregate(watch.Told, (all, one) => new Dictionary<string, int>(all) { [one.Rule] = watch.Judged }) };
        }

        return new Paused(null, tasks, notices);
    }

    private static Annotation Made(SimulatedRater rater, EvalItem item, string name, GoldItem? gold)
    {
        List<string> order = [.. item.Responses.Select(response => response.ResponseId)];
        return new Annotation(
            "a1", "p1", item.TaskId, name, name, "l1", order, "", new GuidelineReference(Guideline.Id, Guideline.Version), "", "", [], true, default, default, "",
            rater.Judge(item, order, Guideline, Vocabulary.FullMode, gold));
    }

    private static EvalItem Item(int seed, int n) => Work.Item("p1", n, "general", "en", $"Answer {n} of {seed}: drink water and rest. Call 112 if you faint, and see a doctor within {n % 9 + 1} days.");

    /// <summary>An expert's judgement: what is true of the item, with a critical error in every other one.</summary>
    private static GoldItem Gold(int seed, EvalItem item, bool planted)
    {
        var truth = new SimulatedRater(seed, 0).Judge(item, [item.Responses[0].ResponseId], Guideline, Vocabulary.FullMode);
        var text = item.Responses[0].Content;
        var reference = planted
            ? truth with
            {
                Ratings = [.. truth.Ratings.Select(rating => rating with { Accuracy = 2, Reasoning = 2, Completeness = 2, Clarity = 4, Tone = 4, Appropriateness = 1 })],
                Harm = [new Harm("A", "severe", "medium", "commission")],
                Spans = [new Span("A", "unsafe_reasoning", "R3", "critical", 0, 10, text[..10])],
            }
            : truth with { Ratings = [.. truth.Ratings.Select(rating => rating with { Accuracy = 4, Reasoning = 4, Completeness = 4, Clarity = 5, Tone = 4, Appropriateness = 4 })], Harm = [new Harm("A", "none")], Spans = [] };
        return GoldItem.Of(item, new GuidelineReference(Guideline.Id, Guideline.Version), reference, GoldForm.Nothing, "why") with { TaskId = item.TaskId };
    }
}
