using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

public sealed class SpanAgreementTests
{
    private static readonly SpanDocument Text = new("t", 100, ["a", "b"], [new("a", 0, 10, "F1"), new("b", 5, 15, "F1"), new("a", 50, 60, "F1"), new("b", 50, 60, "F2")]);

    [Fact]
    public void Character_f1_counts_characters_marked_by_both_with_the_same_code()
    {
        // Both: 5 characters of F1. Marked: a 20, b 20.
        var f1 = SpanAgreement.CharacterF1([Text]);
        Assert.Equal(2 * 5 / 40.0, f1.Value!.Value, 1e-12);
        Assert.Equal(new SampleSize(1, 4, 2), f1.N);
    }

    [Fact]
    public void Overlapping_spans_of_one_rater_count_once() =>
        Assert.Equal(1, SpanAgreement.CharacterF1([new("t", 30, ["a", "b"], [new("a", 0, 10), new("a", 5, 20), new("b", 0, 20)])]).Value!.Value, 1e-12);

    [Fact]
    public void A_rater_who_marked_nothing_still_read_the_text()
    {
        Assert.Equal(0, SpanAgreement.CharacterF1([new("t", 30, ["a", "b"], [new("a", 0, 10)])]).Value);
        Assert.Equal(UndefinedReason.NoPairableUnits, SpanAgreement.CharacterF1([new("t", 30, ["a"], [new("a", 0, 10)])]).Undefined);
        Assert.Contains("nobody marked", SpanAgreement.CharacterF1([new("t", 30, ["a", "b"], [])]).Undefined, StringComparison.Ordinal);
        Assert.Equal(UndefinedReason.NoRatings, SpanAgreement.CharacterF1([]).Undefined);
    }

    [Fact]
    public void Spans_match_one_to_one_best_pairs_first()
    {
        var spans = new SpanDocument("t", 100, ["a", "b"], [new("a", 0, 10), new("a", 0, 8), new("b", 0, 9), new("b", 40, 50), new("b", 70, 72)]);
        var f1 = SpanAgreement.MatchedF1([spans]);
        Assert.Equal(2 * 1 / 5.0, f1.Value!.Value, 1e-12);
        Assert.Equal(1 / 3.0, f1.Details.Number("precision")!.Value, 1e-12);
        Assert.Equal(1 / 2.0, f1.Details.Number("recall")!.Value, 1e-12);
        Assert.Equal(0, SpanAgreement.MatchedF1([spans], overlap: 0.95).Value);
    }

    [Fact]
    public void Interval_comes_from_texts()
    {
        var texts = Enumerable.Range(0, 30).Select(i => Text with { Unit = $"t{i}", Spans = [new("a", 0, 10), new("b", i % 10, 15)] }).ToArray();
        var f1 = SpanAgreement.CharacterF1(texts, new Resampling(Seed: 3));
        Assert.InRange(f1.Value!.Value, f1.Interval!.Lower, f1.Interval.Upper);
        Assert.Equal(3UL, f1.Seed);
    }

    // Values of the distance as DKPro Statistics prints them (UnitizingAgreementTest), after Krippendorff 1995.
    [Theory]
    [InlineData(0, 1, false, 0, 2, false, 0)]
    [InlineData(1, 8, true, 0, 2, false, 0)]
    [InlineData(1, 8, true, 2, 1, true, 37)]
    [InlineData(1, 8, true, 4, 1, true, 25)]
    [InlineData(1, 8, true, 6, 1, true, 29)]
    [InlineData(9, 2, false, 7, 4, false, 0)]
    [InlineData(3, 2, true, 1, 8, false, 4)]
    [InlineData(1, 8, false, 3, 2, true, 4)]
    public void Distance_of_two_sections(int begin1, int length1, bool unit1, int begin2, int length2, bool unit2, double distance) =>
        Assert.Equal(distance, UnitizedAlphaKernel.Distance(new(begin1, length1, unit1), new(begin2, length2, unit2)));

    [Fact]
    public void Unitized_alpha_is_one_for_equal_marks_and_undefined_without_any()
    {
        SpanDocument same = new("t", 40, ["a", "b"], [new("a", 3, 9, "x"), new("b", 3, 9, "x"), new("a", 20, 30, "y"), new("b", 20, 30, "y")]);
        Assert.Equal(1, SpanAgreement.UnitizedAlpha([same]).Value!.Value, 1e-12);
        Assert.Contains("nobody marked", SpanAgreement.UnitizedAlpha([same with { Spans = [] }]).Undefined, StringComparison.Ordinal);
        Assert.Equal(UndefinedReason.OneRater, SpanAgreement.UnitizedAlpha([new("t", 5, ["a"], [new("a", 0, 1)])]).Undefined);
        Assert.Contains("same raters", SpanAgreement.UnitizedAlpha([same, new("u", 5, ["a"], [])]).Undefined, StringComparison.Ordinal);
        Assert.Equal(2, ((Details[])SpanAgreement.UnitizedAlpha([same]).Details["categories"]!).Length);
    }
}
