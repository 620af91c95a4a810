namespace HealthEval.Batches.Privacy;

/// <summary>One place in a held text that looks like personal data.</summary>
/// <param name="Start">In Unicode code points, as <paramref name="End"/>, which is the first behind it.</param>
/// <param name="Before">A few words around it, everything suspicious in them masked too.</param>
internal sealed record HeldPlace(string Path, string Class, int Start, int End, string Masked, string Before, string After);

internal sealed record HeldText(string Path, string Role, string Text);

/// <summary>What a held item holds, looked through afresh: a report has only the beginning, and no ends.</summary>
internal static class HeldTexts
{
    private const int Around = 48;

    public static IReadOnlyList<HeldText> Of(EvalItem item)
    {
        string Role(int index) => index >= item.Messages.Count + item.Responses.Count + item.Criteria.Count ? "reasoning"
            : index < item.Messages.Count ? item.Messages[index].Role
            : index < item.Messages.Count + item.Responses.Count ? "response"
            : "criterion";
        return [.. ItemTexts.Of(item).Select((text, index) => new HeldText(text.Path, Role(index), text.Text))];
    }

    public static IEnumerable<HeldPlace> PlacesIn(EvalItem item) => ItemTexts.Of(item).SelectMany(text => PlacesIn(text.Path, text.Text));

    private static IEnumerable<HeldPlace> PlacesIn(string path, string text)
    {
        var found = new List<Suspicion>();
        PrivacyScreen.Find(text, found);
        var masked = text.ToCharArray();
        foreach (var (_, start, length) in found)
        {
            PrivacyScreen.Mask(text.AsSpan(start, length), masked.AsSpan(start, length));
        }

        var (codePoints, counted) = (0, 0);
        foreach (var (kind, start, length) in found)
        {
            codePoints += Screening.CodePoints(text.AsSpan(counted, start - counted));
            counted = start;
            var end = start + length;
            var from = Math.Max(0, start - Around);
            from += from > 0 && char.IsLowSurrogate(masked[from]) ? 1 : 0;
            var until = Math.Min(text.Length, end + Around);
            until -= until < text.Length && char.IsLowSurrogate(masked[until]) ? 1 : 0;
            yield return new HeldPlace(
                path, kind, codePoints, codePoints + Screening.CodePoints(text.AsSpan(start, length)), PrivacyScreen.Mask(text.AsSpan(start, length)),
                new string(masked, from, start - from), new string(masked, end, until - end));
        }
    }
}
