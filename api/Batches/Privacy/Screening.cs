namespace HealthEval.Batches.Privacy;

/// <summary>A suspicion as it is reported: where, what kind, and the shape of the value. Never the value.</summary>
/// <param name="Start">In Unicode code points of the text at <paramref name="Path"/>.</param>
internal sealed record ReportedSuspicion(long Line, string Path, string Class, int Start, string Masked);

internal static class Screening
{
    private const int MostPerRecord = 50;

    /// <summary>Everything of a record that raters would read.</summary>
    public static IReadOnlyList<ReportedSuspicion> Of(Draft draft, long line)
    {
        List<ReportedSuspicion>? reported = null;
        var found = new List<Suspicion>();
        for (var i = 0; i < draft.Messages.Count; i++)
        {
            Screen(draft.Messages[i].Content, "prompt", i, line, found, ref reported);
        }

        for (var i = 0; i < draft.Responses.Count; i++)
        {
            Screen(draft.Responses[i].Content, "responses", i, line, found, ref reported);
        }

        return reported ?? [];
    }

    private static void Screen(string text, string field, int index, long line, List<Suspicion> found, ref List<ReportedSuspicion>? reported)
    {
        found.Clear();
        PrivacyScreen.Find(text, found);
        foreach (var (kind, start, length) in found)
        {
            reported ??= [];
            if (reported.Count < MostPerRecord)
            {
                reported.Add(new ReportedSuspicion(line, $"{field}[{index}].content", kind, CodePoints(text.AsSpan(0, start)), PrivacyScreen.Mask(text.AsSpan(start, length))));
            }
        }
    }

    private static int CodePoints(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
