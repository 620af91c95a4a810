using System.Buffers;
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
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    private static readonly (string Class, Regex Pattern, Func<string, bool>? IsValid)[] WithDigits =
    [
        ("ssn", PrivacyPatterns.Ssn(), null),
        ("phone", PrivacyPatterns.Phone(), null),
        ("ip", PrivacyPatterns.Ipv4(), null),
        ("record_number", PrivacyPatterns.RecordNumber(), null),
        ("mbi", PrivacyPatterns.Mbi(), null),
        ("npi", PrivacyPatterns.Npi(), Checksums.IsNpi),
        ("dea", PrivacyPatterns.Dea(), Checksums.IsDea),
        ("nhs_number", PrivacyPatterns.Nhs(), Checksums.IsNhs),
        ("vin", PrivacyPatterns.Vin(), Checksums.IsVin),
        ("date", PrivacyPatterns.PersonalDate(), null),
        ("age_over_89", PrivacyPatterns.Age(), null),
        ("zip", PrivacyPatterns.Zip(), null),
    ];

    public static void Find(string text, List<Suspicion> found)
    {
        if (text.Contains('@', StringComparison.Ordinal))
        {
            Add("email", PrivacyPatterns.Email(), null, text, found);
        }

        if (text.Contains("://", StringComparison.Ordinal) || text.Contains("www.", StringComparison.OrdinalIgnoreCase))
        {
            Add("url", PrivacyPatterns.Url(), null, text, found);
        }

        if (text.Contains("::", StringComparison.Ordinal) || text.AsSpan().Count(':') >= 7)
        {
            Add("ip", PrivacyPatterns.Ipv6(), null, text, found);
        }

        Add("name", PrivacyPatterns.Name(), null, text, found);
        if (text.AsSpan().ContainsAny(Digits))
        {
            foreach (var (kind, pattern, isValid) in WithDigits)
            {
                Add(kind, pattern, isValid, text, found);
            }
        }
    }

    /// <summary>The shape of a value without the value: a social security number is ###-##-####.</summary>
    public static string Mask(ReadOnlySpan<char> value)
    {
        Span<char> masked = stackalloc char[Math.Min(value.Length, 40)];
        for (var i = 0; i < masked.Length; i++)
        {
            masked[i] = char.IsDigit(value[i]) ? '#' : char.IsPunctuation(value[i]) || char.IsWhiteSpace(value[i]) ? value[i] : 'x';
        }

        return masked.ToString();
    }

    private static void Add(string kind, Regex pattern, Func<string, bool>? isValid, string text, List<Suspicion> found)
    {
        foreach (var match in pattern.EnumerateMatches(text))
        {
            if (isValid is null || isValid(text.Substring(match.Index, match.Length)))
            {
                found.Add(new Suspicion(kind, match.Index, match.Length));
            }
        }
    }
}
