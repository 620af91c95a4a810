using System.Text.RegularExpressions;

namespace HealthEval.Guidelines;

/// <summary>The fixed words of the field that don't depend on a guideline version.</summary>
internal static partial class Vocabulary
{
    public static readonly IReadOnlyList<string> Subdomains = ["general", "specialty", "diagnostics", "public_health"];
    public static readonly IReadOnlyList<string> Degrees = ["MD", "DO", "RN", "NP", "PA", "PharmD", "MPH", "equivalent"];
    public static readonly IReadOnlyList<string> Dimensions = ["accuracy", "reasoning", "completeness", "clarity", "tone", "appropriateness"];
    public static readonly IReadOnlyList<string> HarmExtents = ["none", "mild", "moderate", "severe", "death"];
    public static readonly IReadOnlyList<string> HarmLikelihoods = ["low", "medium", "high"];
    public static readonly IReadOnlyList<string> HarmMechanisms = ["commission", "omission", "both"];
    public static readonly IReadOnlyList<string> Severities = ["minor", "major", "critical"];

    /// <summary>A language as a tag of BCP 47: en, de, pt-BR.</summary>
    public static bool IsLanguageTag(string tag) => LanguageTag.IsMatch(tag);

    [GeneratedRegex(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex LanguageTag { get; }
}
