using HealthEval.Intake;

namespace HealthEval.Batches.Privacy;

/// <summary>A suspicion as it is reported: where, what kind, and the shape of the value. Never the value.</summary>
/// <param name="Start">In Unicode code points of the text at <paramref name="Path"/>.</param>
internal sealed record ReportedSuspicion(long Line, string Path, string Class, int Start, string Masked);

internal static class Screening
{
    private const int MostPerText = 50;

    /// <summary>Everything of a record that raters would read.</summary>
    public static IReadOnlyList<ReportedSuspicion> Of(Draft draft, long line)
    {
        List<ReportedSuspicion>? reported = null;
        var found = new List<Suspicion>();
        for (var i = 0; i < draft.Messages.Count; i++)
        {
            Screen(draft.Messages[i].Content, ItemTexts.PathOfMessage, i, line, found, ref reported);
        }

        for (var i = 0; i < draft.Responses.Count; i++)
        {
            Screen(draft.Responses[i].Content, ItemTexts.PathOfResponse, i, line, found, ref reported);
            Screen(draft.Responses[i].Reasoning ?? "", ItemTexts.PathOfReasoning, i, line, found, ref reported);
        }

        for (var i = 0; i < draft.Rubric.Count; i++)
        {
            Screen(draft.Rubric[i].Criterion, ItemTexts.PathOfCriterion, i, line, found, ref reported);
        }

        for (var i = 0; i < draft.Statements.Count; i++)
        {
            Screen(draft.Statements[i].Criterion, ItemTexts.PathOfStatement, i, line, found, ref reported);
        }

        return reported ?? [];
    }

    private static void Screen(string text, Func<int, string> pathOf, int index, long line, List<Suspicion> found, ref List<ReportedSuspicion>? reported)
    {
        found.Clear();
        PrivacyScreen.Find(text, found);
        var (codePoints, counted) = (0, 0);
        for (var i = 0; i < Math.Min(found.Count, MostPerText); i++)
        {
            var (kind, start, length) = found[i];
            codePoints += CodePoints(text.AsSpan(counted, start - counted));
            counted = start;
            (reported ??= []).Add(new ReportedSuspicion(line, pathOf(index), kind, codePoints, PrivacyScreen.Mask(text.AsSpan(start, length))));
        }
    }

    /// <summary>What concerns one item of a record that became one item per response.</summary>
    public static IReadOnlyList<ReportedSuspicion> OfPart(IReadOnlyList<ReportedSuspicion> suspicions, int response)
    {
        var (own, thought) = (ItemTexts.PathOfResponse(response), ItemTexts.PathOfReasoning(response));
        return [.. suspicions
            .Where(suspicion => suspicion.Path == own || suspicion.Path == thought || !suspicion.Path.StartsWith("responses[", StringComparison.Ordinal))
            .Select(suspicion => suspicion.Path == own ? suspicion with { Path = ItemTexts.PathOfResponse(0) } : suspicion.Path == thought ? suspicion with { Path = ItemTexts.PathOfReasoning(0) } : suspicion)];
    }

    public static int CodePoints(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
