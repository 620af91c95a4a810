using FsCheck;
using FsCheck.Fluent;
using HealthEval.Batches;
using HealthEval.Batches.Privacy;
using HealthEval.Http;
using HealthEval.Intake;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Batches;

public sealed class RedactionTests
{
    [Fact]
    public void Places_that_touch_or_overlap_become_one_and_offsets_count_code_points()
    {
        var item = Work.Item("p1", 1) with { Messages = [new EvalMessage("user", "😀a😀bc😀d")] };
        var redacted = Redaction.Apply(item, [new("prompt[0].content", 3, 5, "phone"), new("prompt[0].content", 2, 4, "age_over_89"), new("prompt[0].content", 0, 1, "other")], new Faults())!;

        Assert.Equal("[REMOVED]a[AGE OVER 89]😀d", redacted.Messages[0].Content);
        Assert.Equal(item.ContentSha256, redacted.OriginalSha256);
        Assert.Equal(item.Responses, redacted.Responses);
    }

    /// <summary>Against the plainest way to say it: code points that lie in a place are gone, everything else stays, and one word stands for each gap.</summary>
    [Fact]
    public void What_is_not_marked_stays_as_it_was() => Prop.ForAll(
        Gen.Elements("a", "B", " ", "😀", "é", "\n").ListOf().Select(pieces => string.Concat(pieces)).ToArbitrary(),
        Gen.Choose(0, 12).Two().Select(pair => (Start: pair.Item1, Length: pair.Item2 + 1)).NonEmptyListOf().ToArbitrary(),
        (text, places) =>
        {
            var runes = text.EnumerateRunes().Select(rune => rune.ToString()).ToArray();
            var fitting = places.Where(place => place.Start + place.Length <= runes.Length).ToList();
            var expected = string.Concat(runes.Select((rune, at) => fitting.Exists(place => at >= place.Start && at < place.Start + place.Length) ? "" : rune));
            var item = Work.Item("p1", 1) with { Messages = [new EvalMessage("user", text)] };
            var redacted = Redaction.Apply(item, [.. fitting.Select(place => new RedactedPlace("prompt[0].content", place.Start, place.Start + place.Length, "other"))], new Faults());

            Assert.Equal(fitting.Count == 0 ? null : expected, redacted?.Messages[0].Content.Replace("[REMOVED]", "", StringComparison.Ordinal));
        }).QuickCheckThrowOnFailure();
}
