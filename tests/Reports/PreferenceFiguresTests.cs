using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Reports;
using HealthEval.Storage;

namespace HealthEval.Tests.Reports;

/// <summary>Rankings of more than two responses in figures, and what single raters found under both rules.</summary>
public sealed class PreferenceFiguresTests
{
    [Fact]
    public void Every_pair_of_a_five_way_ranking_is_counted_between_the_right_models()
    {
        // Shown as A…E: models m4, m1, m3, m5, m2. Ranked: m1 > m3 = m2 > m4 > m5.
        using var week = Week.Of(
            ["m1", "m2", "m3", "m4", "m5"], [("r4", "r1", "r3", "r5", "r2")], new Preference(Ranking: [["B"], ["C", "E"], ["A"], ["D"]]));
        var pairs = week.Data.Pairs.Values.ToDictionary(p => $"{p.First}-{p.Second}", p => (p.Wins, p.Losses, p.Ties));
        Assert.Equal(10, pairs.Count);
        Assert.Equal((1, 0, 0), pairs["m1-m2"]);
        Assert.Equal((0, 0, 1), pairs["m2-m3"]);
        Assert.Equal((1, 0, 0), pairs["m2-m4"]);
        Assert.Equal((1, 0, 0), pairs["m3-m5"]);
        Assert.Equal((1, 0, 0), pairs["m4-m5"]);
        Assert.Equal((1, 0, 0), pairs["m2-m5"]);
        Assert.Equal(9, pairs.Values.Sum(p => p.Wins));
    }

    [Fact]
    public void The_order_in_which_responses_were_shown_does_not_change_who_won()
    {
        using var week = Week.Of(["m1", "m2"], [("r2", "r1", null, null, null)], new Preference("A"));
        var pair = Assert.Single(week.Data.Pairs.Values);
        Assert.Equal(("m1", "m2", 0, 1), (pair.First, pair.Second, pair.Wins, pair.Losses));
        Assert.False(pair.Votes[0].ShownFirst);
    }

    [Fact]
    public void No_vote_for_a_third_response_is_lost_and_that_none_will_do_is_counted_beside()
    {
        using var week = Week.Of(["m1", "m2", "m3"], [("r1", "r2", "r3", null, null)], new Preference("C"), new Preference("tie"), new Preference(Ranking: [["A"], ["B"], ["C"]], BothBad: true));
        var pairs = week.Data.Pairs.Values.ToDictionary(p => $"{p.First}-{p.Second}", p => (p.Wins, p.Losses, p.Ties, p.AllBad));
        Assert.Equal((1, 0, 1, 1), pairs["m1-m2"]); // the old winner "C" says nothing about A and B
        Assert.Equal((1, 1, 1, 1), pairs["m1-m3"]);
        Assert.Equal((1, 1, 1, 1), pairs["m2-m3"]);
        Assert.Equal((3, 1), (week.Data.Preferences, week.Data.AllBad));
    }

    // 3 prompts, 2 votes each: (1,1) (1,0) (0,½) for m1. Rate 3.5/6; residuals 0.8333, −0.1667, −0.6667; se = √(3/2 · 1.16667)/6.
    [Fact]
    public void A_win_rate_counts_prompts_not_votes()
    {
        var item = Item(["m1", "m2"], 0);
        var tally = new PairTally("m1", "m2") { Votes = [.. new[] { 1, 1, 1, 0, 0, 0.5 }.Select((score, i) => new Vote(item with { PromptId = $"p{i / 2}" }, "m1", "m2", score, 0, false))] };
        Assert.Equal(3.5 / 6, tally.WinRate.Value!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(1.5 * ((0.8333333333 * 0.8333333333) + (0.1666666667 * 0.1666666667) + (0.6666666667 * 0.6666666667))) / 6, tally.WinRate.StandardError!.Value, 1e-8);
        Assert.Equal(3.0, tally.WinRate.Details.Number("clusters"));
    }

    private static ItemBrief Item(string[] models, int number) =>
        new($"t{number}", $"p{number}", null, "general", "lay", "routine", "en", [.. models.Select((m, i) => new ResponseBrief($"r{i + 1}", m, 10 * i, null))], []);

    /// <summary>One task, one judgement per preference.</summary>
    private sealed class Week : IDisposable
    {
        private readonly CompiledWeek _compiled;

        private Week(CompiledWeek compiled) => (_compiled, Data) = (compiled, WeekData.Read(compiled.Folder));

        public WeekData Data { get; }

        public static Week Of(string[] models, (string?, string?, string?, string?, string?)[] order, params Preference[] preferences)
        {
            var (a, b, c, d, e) = order[0];
            string[] shown = [.. new[] { a, b, c, d, e }.OfType<string>()];
            var sample = new WeekSample(tasks: 1, raters: preferences.Length, overlap: preferences.Length)
            {
                Item = item => item with { Responses = [.. models.Select((m, i) => new EvalResponse($"r{i + 1}", "Rest.", Sha.Of("Rest."), m))] },
                Annotation = annotation => annotation with
                {
                    ResponseOrder = shown,
                    Judgement = new Judgement { Ratings = annotation.Judgement.Ratings, Harm = annotation.Judgement.Harm, Preference = preferences[int.Parse(annotation.Rater[7..])] },
                },
            };
            return new Week(CompiledWeek.OfAsync(sample).GetAwaiter().GetResult());
        }

        public void Dispose() => _compiled.Dispose();
    }
}
