using System.Globalization;
using System.Text.Json.Nodes;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Quality;

/// <summary>
/// Raters who try to tell gold items and repeats from work, by everything that they are sent: 2,000 tasks, and for every feature the two-sample test
/// of Kolmogorov and Smirnov between work and the rest. A difference that they could use would be found at p &lt; .00001 each. A task's id and text are
/// the same for everybody, so they count once, however many are handed it.
/// </summary>
public sealed class TellingTests
{
    private const int Raters = 10;
    private const int TasksEach = 200;
    private const double Critical = 2.47; // of the statistic times √(nm/(n+m)), at p = .00001: fourteen features in every gate are not to cry wolf

    [Fact]
    public async Task Nothing_that_a_rater_is_sent_tells_gold_or_repeats_from_work()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { GoldShare = 0.1, Overlap = Raters, Quality = new QualitySettings(RepeatShare: 0.05, SecondOnHarm: false, SecondShare: 0, ThirdOnDispute: false) });
        await app.AddItemsAsync(project, Enumerable.Range(1, 220).Select(n => Item(n)));
        await GoldAsync(app, project, 40);
        var seen = new List<(string Task, bool Aside, Dictionary<string, double> Features)>();

        for (var n = 0; n < Raters; n++)
        {
            using var rater = await app.SignedInAsync(Roles.Annotator);
            var desk = await DeskAsync(rater);
            for (var t = 0; t < TasksEach; t++)
            {
                var (one, then) = await HandedOutAsync(app, rater, t, desk);
                seen.Add(one);
                desk = then;
                if (t == TasksEach / 2)
                {
                    app.Time.Advance(TimeSpan.FromDays(8));
                }
            }
        }

        var (aside, work) = (seen.Where(one => one.Aside).ToList(), seen.Where(one => !one.Aside).ToList());
        Assert.Equal(Raters * TasksEach, seen.Count);
        Assert.InRange(aside.Count, 18 * Raters, 34 * Raters); // 10 % gold, except where the original was judged, and 5 % repeats of the second half
        var told = seen[0].Features.Keys.Where(feature => Distance(Values(aside, feature), Values(work, feature)) > Critical).ToList();
        Assert.True(told.Count == 0, $"told by: {string.Join(", ", told)}");
    }

    [Fact]
    public void The_test_would_find_what_tells() => Assert.True(Distance([.. Enumerable.Range(0, 250).Select(n => n + 60.0)], [.. Enumerable.Range(0, 1_750).Select(n => n % 250 * 1.0)]) > Critical);

    private static async Task<((string Task, bool Aside, Dictionary<string, double> Features) Seen, Desk Desk)> HandedOutAsync(TestApp app, HttpClient rater, int t, Desk before)
    {
        var answer = await rater.PostAsync("tasks/next", Body.Of(new { projectId = "p1" }));
        var text = await answer.Content.ReadAsStringAsync();
        var next = JsonNode.Parse(text)!;
        var taskId = next.TaskId();
        var saved = await rater.PutAsync($"tasks/p1/{taskId}/draft", Body.Of(new { leaseId = next.LeaseId(), revision = 0, judgement = new { overall = 3 } }));
        var submitted = await rater.SubmitAsync(next, Work.Judgement());
        var after = await DeskAsync(rater);
        var aside = await app.Store.FindAsync<JsonObject>(new DocumentKey(DocumentKind.Aside, new Partition("p1", taskId), taskId), default) is not null;
        return ((taskId, aside, new()
        {
            ["length"] = text.Length,
            ["fields"] = string.Join(',', Names(next)).GetHashCode(StringComparison.Ordinal),
            ["headers"] = string.Join(',', answer.Headers.Concat(answer.Content.Headers).Select(header => header.Key)).GetHashCode(StringComparison.Ordinal),
            ["idLength"] = taskId.Length,
            ["idStart"] = int.Parse(taskId.AsSpan(1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ["idEnd"] = int.Parse(taskId.AsSpan(taskId.Length - 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ["lease"] = next.LeaseId().Length,
            ["words"] = ((string)next["task"]!["item"]!["responses"]![0]!["text"]!).Length,
            ["place"] = t % 7,
            ["draft"] = (int)saved.StatusCode + (await saved.Content.ReadAsStringAsync()).Length,
            ["answer"] = (int)submitted.StatusCode + (await submitted.Content.ReadAsStringAsync()).Length,
            ["mine"] = after.Mine - before.Mine,
            ["judged"] = after.Judged - before.Judged,
            ["wanted"] = after.Wanted - before.Wanted,
        }), after);
    }

    private static async Task<Desk> DeskAsync(HttpClient rater)
    {
        var project = (await (await rater.GetAsync("tasks/desk")).JsonAsync())["projects"]![0]!;
        return new Desk(project["mine"]!.GetValue<int>(), project["judged"]!.GetValue<int>(), project["wanted"]!.GetValue<int>());
    }

    private static double[] Values(IEnumerable<(string Task, bool Aside, Dictionary<string, double> Features)> seen, string feature) =>
        [.. (feature is "idStart" or "idEnd" or "length" or "words" ? seen.DistinctBy(one => one.Task) : seen).Select(one => one.Features[feature])];

    private static IEnumerable<string> Names(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Names(field.Value).Prepend(field.Key)),
        JsonArray list => list.Take(1).SelectMany(Names),
        _ => [],
    };

    /// <summary>The largest distance between the two empirical distributions, times √(nm/(n+m)).</summary>
    private static double Distance(double[] one, double[] other)
    {
        var values = one.Concat(other).Distinct().Order().ToList();
        var largest = values.Max(value => Math.Abs((one.Count(x => x <= value) / (double)one.Length) - (other.Count(x => x <= value) / (double)other.Length)));
        return largest * Math.Sqrt((double)one.Length * other.Length / (one.Length + other.Length));
    }

    private static EvalItem Item(int n)
    {
        var words = string.Concat(Enumerable.Repeat("drink water and rest, ", 1 + (n * 7 % 23)));
        var item = Work.Item("p1", n, "general", "en", $"Answer {n}: {words}call 112 if you faint.");
        return item with { ItemId = $"w{n}", TaskId = ItemBuilder.TaskIdOfItem("p1", $"w{n}") };
    }

    /// <summary>Copies of every fifth item.</summary>
    private static async Task GoldAsync(TestApp app, Project project, int count)
    {
        using var lead = await app.SignedInAsync(Roles.Lead);
        for (var n = 1; n <= count; n++)
        {
            (await lead.PostAsync($"quality/{project.ProjectId}/gold/items/{ItemBuilder.TaskIdOfItem("p1", $"w{n * 5}")}", Body.Of(new { judgement = Work.Judgement() }))).EnsureSuccessStatusCode();
        }
    }

    private sealed record Desk(int Mine, int Judged, int Wanted);
}
