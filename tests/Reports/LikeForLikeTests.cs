using HealthEval.Reports;

namespace HealthEval.Tests.Reports;

/// <summary>A change of the mix is no change of the models.</summary>
public sealed class LikeForLikeTests
{
    private static readonly Headline Accuracy = new("mean_accuracy", "Accuracy (1–5)", "score", HigherIsBetter: true, 3, null, null, null, null, null, null, 1, "responses", null);

    // Before: ten routine answers of "old", all 4. Now: the same ten again, and ten of "new", all 2. Raw: 3 − 4 = −1; nothing that is in both weeks has changed.
    [Fact]
    public void A_new_model_that_is_worse_is_no_change_like_for_like()
    {
        ResponseTotals[] before = [.. Enumerable.Range(0, 10).Select(i => Response("old", $"p{i}", 4))];
        ResponseTotals[] now = [.. before, .. Enumerable.Range(0, 10).Select(i => Response("new", $"q{i}", 2))];
        Assert.Equal(0, WeekChanges.LikeForLike(Accuracy, now, before).Value!.Value, 1e-12);
        var mix = Mix.Of(now, before);
        Assert.Equal("New models: new; shifted shares: old from 100% to 50%.", mix.Sentence);
        Assert.Equal(["new this week", "both, in another share", "both"], mix.Shares.Select(s => s.Words));
    }

    // Routine 4 → 4, emergency 2 → 3, while emergencies grow from 2 of 10 to 8 of 10. Weights: routine (8 + 2)/20, emergency (2 + 8)/20, so +½; raw (0.2·4 + 0.8·3) − (0.8·4 + 0.2·2) = −0.4.
    [Fact]
    public void More_emergencies_do_not_hide_that_they_are_answered_better()
    {
        ResponseTotals[] before = [.. Some(8, "routine", 4), .. Some(2, "emergency", 2)];
        ResponseTotals[] now = [.. Some(2, "routine", 4), .. Some(8, "emergency", 3)];
        Assert.Equal(0.5, WeekChanges.LikeForLike(Accuracy, now, before).Value!.Value, 1e-12);
        Assert.Contains("general · emergency from 20% to 80%", Mix.Of(now, before).Sentence, StringComparison.Ordinal);

        static IEnumerable<ResponseTotals> Some(int n, string risk, int score) => Enumerable.Range(0, n).Select(i => Response("m", $"{risk}{i}", score) with { Risk = risk });
    }

    [Fact]
    public void Where_nothing_is_in_both_weeks_it_says_so()
    {
        var change = WeekChanges.LikeForLike(Accuracy, [Response("new", "a", 3)], [Response("old", "b", 3)]);
        Assert.Contains("no model and stratum was rated in both weeks", change.Undefined, StringComparison.Ordinal);
    }

    private static ResponseTotals Response(string model, string prompt, int score) =>
        new($"{model}/{prompt}", prompt, model, 1, [score, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], 0, 1, 0, 0, 0, null, "general", "routine");
}
