using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Projects;

namespace HealthEval.Tests.Annotations;

public sealed class DisputesTests
{
    [Theory]
    [InlineData(3, 4, false)]
    [InlineData(3, 5, true)]
    [InlineData(1, 5, true)]
    public void Scores_two_or_more_apart_are_disputed(int one, int other, bool disputed) =>
        Assert.Equal(disputed, Of(Score(one), Score(other)).Any(point => point is { Kind: "rating", Dimension: "clarity" }));

    [Theory]
    [InlineData("none", "mild", false)]
    [InlineData("moderate", "death", false)]
    [InlineData("mild", "moderate", true)]
    [InlineData("none", "death", true)]
    [InlineData("severe", null, false)]
    public void Harm_on_both_sides_of_moderate_is_disputed(string one, string? other, bool disputed) =>
        Assert.Equal(disputed, Of(Harmful(one), Harmful(other)).Any(point => point.Kind == "harm"));

    [Theory]
    [InlineData("SUPPORTED", "REFUTED", 0, 10, 5, 15, true)]
    [InlineData("SUPPORTED", "OUTDATED", 0, 10, 9, 12, true)]
    [InlineData("SUPPORTED", "REFUTED", 0, 10, 10, 15, false)] // half-open: they touch and do not overlap
    [InlineData("SUPPORTED", "PARTLY_SUPPORTED", 0, 10, 0, 10, false)]
    [InlineData("REFUTED", "UNVERIFIABLE", 0, 10, 0, 10, false)]
    public void Verdicts_that_contradict_each_other_on_overlapping_claims_are_disputed(string one, string other, int start, int end, int start2, int end2, bool disputed) =>
        Assert.Equal(disputed, Of(Claiming(one, start, end), Claiming(other, start2, end2)).Any(point => point.Kind == "claim"));

    [Fact]
    public void One_raters_own_two_claims_do_not_contradict_another_rater()
    {
        var both = new Judgement { Claims = [new Claim("A", 0, 10, "x", Verdict: "SUPPORTED"), new Claim("A", 0, 10, "x", Verdict: "REFUTED")] };

        Assert.Empty(Of(both, new Judgement()));
    }

    [Fact]
    public void A_critical_finding_is_looked_at_even_when_nobody_contradicts_it()
    {
        var span = new Span("A", "factual_error", "F2", "critical", 4, 9, "quote");

        var point = Assert.Single(Of(new Judgement { Spans = [span] }, new Judgement { Spans = [span with { Severity = "minor" }] }));

        Assert.Equal(("critical", 4, 9), (point.Kind, point.Start, point.End));
        Assert.Equal([Dispute.Stands, null], point.Values);
    }

    [Fact]
    public void A_flag_and_a_leads_doubt_are_points_of_the_whole_task()
    {
        var points = Disputes.Of([By("one", new Judgement { Flags = ["second_checker"] }), By("two", new Judgement())], GuidelineLibrary.Default, referral: "Looks wrong.");

        Assert.Equal(["case:flag", "case:referral"], points.Select(point => point.KeyFor(null)));
        Assert.Contains("Looks wrong.", points[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_response_is_compared_under_whichever_letter_each_rater_saw_it()
    {
        var one = By("one", new Judgement { Harm = [new Harm("A", "none"), new Harm("B", "death")] }, "r1", "r2");
        var two = By("two", new Judgement { Harm = [new Harm("A", "death"), new Harm("B", "none")] }, "r2", "r1");

        Assert.Empty(Disputes.Of([one, two], GuidelineLibrary.Default));
        Assert.Equal(2, Disputes.Of([one, two with { ResponseOrder = ["r1", "r2"] }], GuidelineLibrary.Default).Count);
    }

    private static IReadOnlyList<Dispute> Of(Judgement one, Judgement other) => Disputes.Of([By("one", one), By("two", other)], GuidelineLibrary.Default);

    private static Judgement Score(int clarity) => new() { Ratings = [new Rating("A", 4, null, true, 4, clarity, 4, 4, null)] };

    private static Judgement Harmful(string? extent) => new() { Harm = [new Harm("A", extent)] };

    private static Judgement Claiming(string verdict, int start, int end) => new() { Claims = [new Claim("A", start, end, "x", Verdict: verdict)] };

    private static Annotation By(string rater, Judgement judgement, params string[] order) => new(
        $"by-{rater}", "p1", "t1", rater, $"R-{rater}", "lease", order.Length == 0 ? ["r1"] : order, "seed", new GuidelineReference("healtheval", 1), "", "", [], false,
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "", judgement);
}
