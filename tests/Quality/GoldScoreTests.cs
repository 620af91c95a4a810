using HealthEval.Annotations;
using HealthEval.Projects;
using HealthEval.Quality;

namespace HealthEval.Tests.Quality;

/// <summary>Scores by hand.</summary>
public sealed class GoldScoreTests
{
    private static readonly Span Missed = new("A", "unsafe_reasoning", "R3", "critical", 10, 20);

    [Fact]
    public void A_planted_error_is_found_by_an_overlapping_passage_under_a_code_of_its_group()
    {
        var gold = Gold(new Judgement { Spans = [Missed, new("A", "factual_error", "F2", "major", 40, 50)] });

        Assert.Equal((1, 1), Found(gold, new Span("A", "unsafe_reasoning", "R2", "major", 19, 30)));
        Assert.Equal((1, 0), Found(gold, new Span("A", "unsafe_reasoning", "R3", "major", 20, 30))); // beside it
        Assert.Equal((1, 0), Found(gold, new Span("A", "factual_error", "F1", "major", 10, 20))); // another group
        Assert.Equal((1, 0), Found(gold, new Span("A", "strength", "R3", null, 10, 20)));
        Assert.Equal((1, 0), Found(gold));
    }

    [Fact]
    public void A_planted_error_is_found_as_critical_by_its_passage_or_by_its_code()
    {
        var gold = Gold(new Judgement { Spans = [Missed] });

        Assert.Equal((1, 1), Found(gold, new Span("A", "factual_error", "F1", "critical", 19, 30))); // the passage, under another code
        Assert.Equal((1, 1), Found(gold, new Span("A", "unsafe_reasoning", "R3", "critical", 20, 30))); // the code, beside it
        Assert.Equal((1, 0), Found(gold, new Span("A", "unsafe_reasoning", "R2", "critical", 20, 30))); // neither
        Assert.Equal((1, 0), Found(gold, new Span("B", "unsafe_reasoning", "R3", "critical", 10, 20)));
    }

    [Fact]
    public void An_omission_is_found_by_its_group_alone()
    {
        var gold = Gold(new Judgement { Spans = [new("A", "unsafe_reasoning", "O1", "critical", MissingText: "call 999")] });

        Assert.Equal((1, 1), Found(gold, new Span("A", "improve", "O5", "major", MissingText: "when to seek care")));
        Assert.Equal((1, 0), Found(gold, new Span("A", "unsafe_reasoning", "R3", "critical", 0, 5)));
    }

    [Fact]
    public void The_other_response_is_not_this_one_whatever_the_order()
    {
        var gold = Gold(new Judgement { Spans = [Missed] });

        // the rater saw r2 first: their A is the reference's B
        Assert.Equal(0, GoldScore.Of(gold, Made(new Judgement { Spans = [Missed] }, "r2", "r1")).Found);
        Assert.Equal(1, GoldScore.Of(gold, Made(new Judgement { Spans = [Missed with { Response = "B" }] }, "r2", "r1")).Found);
    }

    [Fact]
    public void A_serious_finding_in_a_clean_control_is_a_false_alarm_and_a_small_one_is_not()
    {
        var gold = Gold(new Judgement(), clean: true);

        bool? Alarm(Judgement said) => GoldScore.Of(gold, Made(said)).FalseAlarm;
        Assert.False(Alarm(new Judgement { Spans = [new("A", "improve", "C1", "minor", 0, 5)], Harm = [new("A", "mild")] }));
        Assert.True(Alarm(new Judgement { Spans = [new("A", "factual_error", "F1", "major", 0, 5)] }));
        Assert.True(Alarm(new Judgement { Harm = [new("A", "moderate", "low", "omission")] }));
        Assert.Null(GoldScore.Of(Gold(new Judgement { Spans = [Missed] }), Made(new Judgement())).FalseAlarm);
    }

    [Fact]
    public void A_score_is_right_in_the_range_that_the_gold_names_else_within_one()
    {
        var gold = Gold(new Judgement { Ratings = [Rated("A", 2, 4)] }) with
        {
            Acceptable = new Dictionary<string, IReadOnlyDictionary<string, ScoreRange>> { ["A"] = new Dictionary<string, ScoreRange> { ["accuracy"] = new(2, 2) } },
        };

        var scores = GoldScore.Of(gold, Made(new Judgement { Ratings = [Rated("A", 3, 5)] })).Scores;

        Assert.Equal([("accuracy", 2, 3, false), ("clarity", 4, 5, true)], scores.Select(score => (score.Dimension, score.Reference, score.Given, score.Acceptable)));
    }

    [Fact]
    public void Verdicts_are_compared_where_both_decided_the_same_passage()
    {
        var gold = Gold(new Judgement { Claims = [new("A", 0, 10, Verdict: "REFUTED"), new("A", 20, 30, Verdict: "SUPPORTED"), new("A", 40, 50, Verdict: "SUPPORTED")] });

        var score = GoldScore.Of(gold, Made(new Judgement { Claims = [new("A", 2, 9, Verdict: "REFUTED"), new("A", 20, 30, Verdict: "REFUTED"), new("A", 40, 50)] }));

        Assert.Equal((2, 1), (score.Verdicts, score.SameVerdicts));
    }

    [Fact]
    public void Below_five_gold_items_there_is_no_figure_and_it_says_why()
    {
        var one = GoldScore.Of(Gold(new Judgement { Ratings = [Rated("A", 2, 4)] }), Made(new Judgement { Ratings = [Rated("A", 2, 4)] }));

        var four = RaterGold.Of([.. Enumerable.Range(0, 4).Select(n => ($"t{n}", one))]);
        var five = RaterGold.Of([.. Enumerable.Range(0, 5).Select(n => ($"t{n}", one))]);

        Assert.Null(four.Accuracy.Value);
        Assert.Contains("fewer than 5", four.Accuracy.Undefined, StringComparison.Ordinal);
        Assert.Equal(1, five.Accuracy.Value);
        Assert.Equal(0, five.Bias.Value);
        Assert.Null(five.Sensitivity.Value); // nothing was planted
    }

    private static (int Planted, int Found) Found(GoldItem gold, params Span[] said)
    {
        var score = GoldScore.Of(gold, Made(new Judgement { Spans = said }));
        return (score.Planted, score.Found);
    }

    private static Rating Rated(string response, int accuracy, int clarity) => new(response, accuracy, null, false, null, clarity, null, null, null);

    private static GoldItem Gold(Judgement reference, bool clean = false) => new(
        "p1", "g1", 1, "t1", "t0", "general|en", clean, ["r1", "r2"], reference, new Dictionary<string, IReadOnlyDictionary<string, ScoreRange>>(), null, "", "lead", default);

    private static Annotation Made(Judgement said, params string[] order) => new(
        "a1", "p1", "t1", "rater", "R-1", "l1", order.Length == 0 ? ["r1", "r2"] : order, "", new GuidelineReference("healtheval", 1), "", "", [], false, default, default, "", said);
}
