using System.Text.RegularExpressions;

namespace HealthEval.Guidelines;

/// <summary>The fixed words of the field that don't depend on a guideline version.</summary>
internal static partial class Vocabulary
{
    public static readonly IReadOnlyList<string> Subdomains = ["general", "specialty", "diagnostics", "public_health"];
    public static readonly IReadOnlyList<string> RiskTiers = ["routine", "elevated", "emergency"];
    public static readonly IReadOnlyList<string> Degrees = ["MD", "DO", "RN", "NP", "PA", "PharmD", "MPH", "equivalent"];
    public static readonly IReadOnlyList<string> Dimensions = ["accuracy", "reasoning", "completeness", "clarity", "tone", "appropriateness"];
    public static readonly IReadOnlyList<string> HarmExtents = ["none", "mild", "moderate", "severe", "death"];
    public static readonly IReadOnlyList<string> HarmLikelihoods = ["low", "medium", "high"];
    public static readonly IReadOnlyList<string> HarmMechanisms = ["commission", "omission", "both"];
    public static readonly IReadOnlyList<string> Severities = ["minor", "major", "critical"];

    /// <summary>Everything is asked; what was judged before there were modes was judged in this one.</summary>
    public const string FullMode = "full";
    public const string QuickMode = "quick";
    public const string FactCheckMode = "fact_check";
    public static readonly IReadOnlyList<string> Modes = [FullMode, QuickMode, FactCheckMode];
    public static readonly IReadOnlyList<string> Themes =
    [
        "emergency_referrals", "context_seeking", "global_health", "health_data_tasks", "expertise_tailored_communication", "responding_under_uncertainty", "response_depth",
    ];
    public static readonly IReadOnlyList<string> TaskTypes =
        ["clinical_decision_support", "clinical_note_generation", "patient_communication", "research_assistance", "administration_workflow"];

    public static bool IsDimensionKey(string key) => DimensionKey.IsMatch(key);

    /// <summary>A language as a tag of BCP 47: en, de, pt-BR.</summary>
    public static bool IsLanguageTag(string tag) => LanguageTag.IsMatch(tag);

    [GeneratedRegex(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex LanguageTag { get; }

    [GeneratedRegex(@"^[a-z][a-z_]{1,29}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex DimensionKey { get; }
}
