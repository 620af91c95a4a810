using System.Text.RegularExpressions;

namespace HealthEval.Batches.Privacy;

/// <param name="Class">What it looks like: <c>ssn</c>, <c>email</c>, …</param>
/// <param name="Start">In UTF-16 units of the text.</param>
internal readonly record struct Suspicion(string Class, int Start, int Length);

/// <summary>
/// Looks for what may identify a patient: patterns, with checksums where the identifier has one and with context words where digits alone
/// say nothing. It cannot find a name without a title or an introduction, nor an address in words: customers still have to attest.
/// </summary>
internal static class PrivacyScreen
{
    private static readonly (string Class, Clues Clues, Regex Pattern, Func<string, bool>? IsValid)[] Patterns =
    [
        ("email", Clues.At, PrivacyPatterns.Email(), null),
        ("url", Clues.Address, PrivacyPatterns.Url(), null),
        ("ip", Clues.HexGroups, PrivacyPatterns.Ipv6(), null),
        ("name", Clues.Title, PrivacyPatterns.Name(), null),
        ("ssn", Clues.SsnGroups, PrivacyPatterns.Ssn(), null),
        ("ssn", Clues.Call, PrivacyPatterns.LabelledSsn(), null),
        ("nhs_number", Clues.PhoneGroups | Clues.TenDigits, PrivacyPatterns.Nhs(), Checksums.IsNhs),
        ("fax", Clues.Call, PrivacyPatterns.Fax(), null),
        ("phone", Clues.Call, PrivacyPatterns.LabelledPhone(), null),
        ("phone", Clues.PhoneGroups | Clues.PlusDigit, PrivacyPatterns.Phone(), null),
        ("ip", Clues.DottedQuad, PrivacyPatterns.Ipv4(), null),
        ("record_number", Clues.FiveDigits, PrivacyPatterns.RecordNumber(), null),
        ("account", Clues.FiveDigits, PrivacyPatterns.Account(), null),
        ("plan_beneficiary", Clues.FiveDigits, PrivacyPatterns.PlanNumber(), null),
        ("licence", Clues.FiveDigits, PrivacyPatterns.Licence(), null),
        ("device_id", Clues.FiveDigits, PrivacyPatterns.Device(), null),
        ("mbi", Clues.DigitThenLetter, PrivacyPatterns.Mbi(), null),
        ("npi", Clues.TenDigits, PrivacyPatterns.Npi(), Checksums.IsNpi),
        ("dea", Clues.SevenDigits, PrivacyPatterns.Dea(), Checksums.IsDea),
        ("vin", Clues.LongCode, PrivacyPatterns.Vin(), Checksums.IsVin),
        ("date", Clues.Date, PrivacyPatterns.PersonalDate(), null),
        ("age_over_89", Clues.GreatAge, PrivacyPatterns.Age(), null),
        ("zip", Clues.FiveDigits, PrivacyPatterns.Zip(), null),
    ];

    public static IReadOnlyList<string> Classes { get; } = [.. Patterns.Select(pattern => pattern.Class).Distinct()];

    public static void Find(string text, List<Suspicion> found) => Find(text, ClueFinder.In(text), found);

    /// <summary>Runs only the patterns for which there is a clue.</summary>
    public static void Find(string text, Clues clues, List<Suspicion> found)
    {
        foreach (var (kind, needed, pattern, isValid) in Patterns)
        {
            if ((clues & needed) is not Clues.None)
            {
                Add(kind, pattern, isValid, text, found);
            }
        }

        KeepWidest(found);
    }

    /// <summary>The shape of a value without the value: a social security number is ###-##-####.</summary>
    public static string Mask(ReadOnlySpan<char> value)
    {
        Span<char> masked = stackalloc char[Math.Min(value.Length, 40)];
        Mask(value[..masked.Length], masked);
        return masked.ToString();
    }

    public static void Mask(ReadOnlySpan<char> value, Span<char> masked)
    {
        for (var i = 0; i < value.Length; i++)
        {
            masked[i] = char.IsDigit(value[i]) ? '#' : char.IsPunctuation(value[i]) || char.IsWhiteSpace(value[i]) ? value[i] : 'x';
        }
    }

    private static void Add(string kind, Regex pattern, Func<string, bool>? isValid, string text, List<Suspicion> found)
    {
        foreach (var match in pattern.EnumerateMatches(text))
        {
            if (isValid is null || isValid(text.Substring(match.Index, match.Length)))
            {
                var value = pattern.Match(text, match.Index).Groups["value"];
                var (at, length) = value.Success ? (value.Index, value.Length) : (match.Index, match.Length);
                found.Add(new Suspicion(kind is "url" && Citations.Is(text.Substring(at, length)) ? Citations.Class : kind, at, length));
            }
        }
    }

    /// <summary>In the order of the text; what lies in another, or is another under a less telling name, is left out.</summary>
    private static void KeepWidest(List<Suspicion> found)
    {
        if (found.Count < 2)
        {
            return;
        }

        var reach = 0;
        Suspicion[] ordered = [.. found.OrderBy(place => place.Start).ThenByDescending(place => place.Length)];
        found.Clear();
        foreach (var place in ordered)
        {
            if (place.Start + place.Length > reach)
            {
                found.Add(place);
                reach = place.Start + place.Length;
            }
        }
    }
}
