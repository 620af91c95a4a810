using System.Text;
using HealthEval.Http;

namespace HealthEval.Batches.Privacy;

/// <summary>Replaces places of an item's texts by what was there, in one word: <c>[PHONE]</c>.</summary>
internal static class Redaction
{
    private const string Other = "other";
    public const int MostPlaces = 1_000;
    private static readonly string[] Classes = [.. PrivacyScreen.Classes.Append(Other)];

    public static string Token(string kind) => kind is Other ? "[REMOVED]" : $"[{kind.ToUpperInvariant().Replace('_', ' ')}]";

    /// <summary>Null, and why, when a place is not in the item.</summary>
    public static EvalItem? Apply(EvalItem item, IReadOnlyList<RedactedPlace> places, Faults faults)
    {
        faults.Require(places.Count is > 0 and <= MostPlaces, "places", $"Mark between 1 and {MostPlaces:N0} places to redact.");
        var texts = ItemTexts.Of(item).ToDictionary(text => text.Path, text => text.Text);
        foreach (var (place, index) in places.Select((place, index) => (place, index)))
        {
            faults.Require(Classes.Contains(place.Class), $"places[{index}].class", $"Choose from: {string.Join(", ", Classes)}.");
            faults.Require(texts.ContainsKey(place.Path), $"places[{index}].path", "There is no text under this path.");
        }

        var changed = new Dictionary<string, string>();
        foreach (var group in faults.Any ? [] : places.GroupBy(place => place.Path))
        {
            if (Replaced(texts[group.Key], group) is { } text)
            {
                changed[group.Key] = text;
            }
            else
            {
                faults.Add("places", $"A place in {group.Key} is empty or outside the text. Offsets are Unicode code points, the end is the first behind it.");
            }
        }

        return faults.Any ? null : item.With(changed);
    }

    /// <summary>Places that overlap become one, under the name of the first.</summary>
    private static string? Replaced(string text, IEnumerable<RedactedPlace> places)
    {
        var runes = text.EnumerateRunes().ToArray();
        var redacted = new StringBuilder(text.Length);
        var (from, reach) = (0, 0);
        foreach (var place in places.OrderBy(place => place.Start).ThenByDescending(place => place.End))
        {
            if (place.Start < 0 || place.End <= place.Start || place.End > runes.Length)
            {
                return null;
            }

            if (place.Start >= reach)
            {
                Append(redacted, runes, from, place.Start);
                redacted.Append(Token(place.Class));
            }

            from = reach = Math.Max(reach, place.End);
        }

        Append(redacted, runes, from, runes.Length);
        return redacted.ToString();
    }

    private static void Append(StringBuilder text, Rune[] runes, int from, int until)
    {
        foreach (var rune in runes.AsSpan(from, until - from))
        {
            text.Append(rune.ToString());
        }
    }
}
