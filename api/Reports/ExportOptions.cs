using System.Globalization;
using HealthEval.Guidelines;
using HealthEval.Storage;

namespace HealthEval.Reports;

/// <summary>What is wanted of an export. An option that does not go with the format is refused, never ignored.</summary>
/// <param name="ExcludeSimulated">Null takes the format's default: left out of what models are trained on, kept elsewhere.</param>
/// <param name="MinRaters">Fewest raters of a row.</param>
/// <param name="MinMargin">Fewest votes by which a pair must be decided.</param>
/// <param name="ApplyAdjudications">What adjudicators let stand takes the place of what raters said.</param>
/// <param name="Split">Shares of train, validation and test; a prompt is in one of them.</param>
/// <param name="Seed">Of the split.</param>
internal sealed record ExportOptions(bool? ExcludeSimulated = null, int MinRaters = 1, double MinMargin = 0, bool ApplyAdjudications = false, IReadOnlyList<double>? Split = null, int Seed = 0)
{
    /// <summary>What is left of an item where not all of it is wanted; one without responses is left out.</summary>
    public Func<Batches.EvalItem, Batches.EvalItem>? Only { get; init; }

    public static readonly IReadOnlyList<string> Parts = ["train", "validation", "test"];
    private static readonly string[] Training = ["dpo", "helpsteer", "kto", "sft", "trl-preference"];
    private static readonly string[] WithMargin = ["dpo", "trl-preference"];
    private static readonly string[] WithoutMeans = ["annotations", "claims", "label-studio", "healthbench-meta", "sft", "dpo", "trl-preference"];

    public bool LeavesOutSimulated(string format) => ExcludeSimulated ?? Training.Contains(format);

    /// <summary>Why these options do not go together, or null.</summary>
    public string? Refusal(string format) =>
        MinRaters < 1 ? "--min-raters is 1 or more."
        : MinMargin < 0 ? "--min-margin is 0 or more."
        : MinMargin > 0 && !WithMargin.Contains(format) ? $"--min-margin goes with {string.Join(" and ", WithMargin)}: rows of {format} have no margin."
        : ApplyAdjudications && WithoutMeans.Contains(format) ? $"--apply-adjudications goes with consensus, helpsteer and kto: {format} holds what each rater said."
        : Split is not null && (Split.Count != Parts.Count || Split.Any(s => s is not (>= 0 and <= 1)) || Math.Abs(Split.Sum() - 1) > 1e-9) ? "--split is three shares that add up to 1, for train, validation and test: 0.8,0.1,0.1."
        : null;

    /// <summary>"0.8,0.1,0.1"; null for no split, an empty list for what is none.</summary>
    public static IReadOnlyList<double>? ParseSplit(string? text) => text is null ? null
        : text.Split(',').Select(t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? share : double.NaN).ToList() is var shares && shares.TrueForAll(double.IsFinite) ? shares : [];

    /// <summary>Which part a prompt belongs to: from its id and the seed, so the same whatever else is exported.</summary>
    public string? PartOf(string promptId)
    {
        if (Split is null)
        {
            return null;
        }

        var (place, sum) = (Convert.ToUInt32(Sha.OfParts("split", Seed.ToString(CultureInfo.InvariantCulture), promptId)[..8], 16) / (uint.MaxValue + 1.0), 0.0);
        for (var i = 0; i < Parts.Count - 1; i++)
        {
            sum += Split[i];
            if (place < sum)
            {
                return Parts[i];
            }
        }

        return Parts[^1];
    }
}

/// <summary>What an export wrote and what it left out.</summary>
/// <param name="SimulatedLeftOut">Judgements made by a program.</param>
/// <param name="TooFewLeftOut">Rows with fewer raters or a smaller margin than wanted.</param>
/// <param name="Guidelines">Those that the judgements were made under.</param>
internal sealed record Exported(long Records, long SimulatedLeftOut, long TooFewLeftOut, IReadOnlyCollection<Guideline> Guidelines)
{
    public string Words => (SimulatedLeftOut, TooFewLeftOut) switch
    {
        (0, 0) => "",
        (_, 0) => $"; {SimulatedLeftOut:N0} simulated judgements left out (--exclude-simulated false keeps them)",
        (0, _) => $"; {TooFewLeftOut:N0} rows with too few raters or too small a margin left out",
        _ => $"; {SimulatedLeftOut:N0} simulated judgements (--exclude-simulated false keeps them) and {TooFewLeftOut:N0} rows with too few raters or too small a margin left out",
    };
}
