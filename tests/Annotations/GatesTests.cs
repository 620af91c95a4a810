using HealthEval.Annotations;
using HealthEval.Guidelines;

namespace HealthEval.Tests.Annotations;

public sealed class GatesTests
{
    private static readonly Rating Good = new("A", 4, 4, false, 4, 4, 4, 4, null);
    private static readonly Claim Checked = new("A", Quote: "x", Type: "dose", Checkworthiness: "must", Verdict: "SUPPORTED");

    [Fact]
    public void A_consistent_judgement_fires_nothing() => Assert.Empty(Fired(Good, claims: [Checked]));

    [Theory]
    [InlineData("REFUTED", "must", 4, true)]
    [InlineData("OUTDATED", "must", 5, true)]
    [InlineData("REFUTED", "must", 3, false)]
    [InlineData("REFUTED", "should", 4, false)]
    [InlineData("PARTLY_SUPPORTED", "must", 4, false)]
    [InlineData("CONTESTED", "must", 5, false)]
    public void A_refuted_major_claim_caps_accuracy_at_3(string verdict, string checkworthiness, int accuracy, bool fires) =>
        Assert.Equal(fires, Fired(Good with { Accuracy = accuracy }, claims: [Checked with { Verdict = verdict, Checkworthiness = checkworthiness }]).Contains("refuted_major_claim:A"));

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public void A_critical_refuted_claim_caps_accuracy_at_2(int accuracy, bool fires) =>
        Assert.Equal(fires, Fired(Good with { Accuracy = accuracy, Rationale = "Because." }, claims: [Checked with { Verdict = "REFUTED", Critical = true }]).Contains("critical_claim:A"));

    [Fact]
    public void A_critical_factual_span_caps_accuracy_at_2() =>
        Assert.Equal(["critical_claim:A"], Fired(Good, spans: [new Span("A", "factual_error", "F2", "critical", 0, 1, "x")]));

    [Theory]
    [InlineData("moderate", "medium", 3, true)]
    [InlineData("death", "high", 5, true)]
    [InlineData("moderate", "low", 3, false)]
    [InlineData("mild", "high", 3, false)]
    [InlineData("severe", "high", 2, false)]
    public void Likely_harm_caps_appropriateness_at_2(string extent, string likelihood, int appropriateness, bool fires) =>
        Assert.Equal(fires, Fired(Good with { Appropriateness = appropriateness }, harm: new Harm("A", extent, likelihood, "both")).Contains("harm_appropriateness:A"));

    [Fact]
    public void A_low_score_needs_something_marked_and_a_sentence()
    {
        var low = Good with { Tone = 2 };

        Assert.Equal(["low_needs_evidence:A", "low_needs_rationale:A"], Fired(low));
        Assert.Equal(["low_needs_rationale:A"], Fired(low, spans: [new Span("A", "improve", "C5", "minor", 0, 1, "x")]));
        Assert.Equal(["low_needs_evidence:A"], Fired(low with { Rationale = "Cold." }, spans: [new Span("A", "strength", "G5", null, 0, 1, "x")]));
        Assert.Empty(Fired(low with { Rationale = "Cold." }, claims: [Checked]));
    }

    [Fact]
    public void Accuracy_5_needs_every_claim_checked()
    {
        var best = Good with { Accuracy = 5 };

        Assert.Empty(Fired(best, claims: [Checked]));
        Assert.Equal(["accuracy5_unchecked:A"], Fired(best, claims: [Checked, Checked with { Verdict = null }]));
    }

    [Fact]
    public void What_is_said_of_another_response_does_not_count() =>
        Assert.Empty(Fired(Good, claims: [Checked with { Response = "B", Verdict = "REFUTED", Critical = true }]));

    private static List<string> Fired(Rating rating, IReadOnlyList<Claim>? claims = null, IReadOnlyList<Span>? spans = null, Harm? harm = null) =>
        [.. Gates.Fired(new Judgement { Ratings = [rating], Claims = claims ?? [], Spans = spans ?? [], Harm = harm is null ? [] : [harm] }, GuidelineLibrary.Default).Select(gate => gate.Key)];
}
