using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>Everything the workbook says in numbers, computed once from a week's data.</summary>
internal sealed class Figures
{
    /// <summary>Below so many responses a figure is marked "low n".</summary>
    public const int LowN = 30;
    private (IReadOnlyList<SafetyCase> Shown, int All)? _cases;

    /// <param name="threads">Most threads for resampling; they change how long it takes, never the result.</param>
    public Figures(WeekData week, int? threads = null)
    {
        Week = week;
        var resampling = Resampling with { Threads = threads };
        var all = GroupMeans.Of(Rated(week.ModelRows), resampling);
        Index = all.Index;
        AllTotals = TotalsOf(week.Rows);
        Totals = TotalsOf(week);
        Findings = FindingRates.Of(Totals);
        (Precision, Lenient) = (week.Verdicts.Strict, week.Verdicts.Lenient);
        Dimensions = [.. Enumerable.Range(0, Vocabulary.Dimensions.Count).Select(d => DimensionFigures.Of(week, d, all.Means[d], resampling))];
        HarmAgreement = AgreementFigures.Ordinal(AgreementFigures.Harm, RatingMatrices.OfHarm(Rated(week.ModelRows)), resampling);
        Models = [.. week.Rows.GroupBy(r => r.Response.Model, StringComparer.Ordinal).Select(g => ModelFigures.Of(week, g.Key, [.. g], resampling))
            .OrderBy(m => m.Name, StringComparer.Ordinal)];
        Slices =
        [
            .. Slice("Sub-domain", r => r.Item.Subdomain, resampling), .. Slice("Audience", r => r.Item.Audience, resampling),
            .. Slice("Risk", r => r.Item.RiskTier, resampling), .. Slice("Language", r => r.Item.Language, resampling),
            .. Stated("Theme", r => r.Item.Theme, resampling), .. Stated("Task type", r => r.Item.TaskType, resampling),
        ];
        Nominal = NominalOf(week, resampling);
        Responses = Totals.Count;
        Single = week.ModelRows.GroupBy(r => r.Rated.Unit, StringComparer.Ordinal).Count(g => g.Count() == 1);
    }

    public static Resampling Resampling { get; } = new(Interval: BootstrapInterval.Expanded);

    public WeekData Week { get; }

    public Estimate Index { get; }

    /// <summary>Models pair by pair on the prompts they share.</summary>
    public Comparisons Comparisons => field ??= Comparisons.Of(this);

    public WeekHeadlines Headlines => field ??= WeekHeadlines.Of(this);

    public WeekChanges Changes => field ??= new WeekChanges(this, Headlines);

    /// <summary>Critical and harmful cases, and how many there are of which these are the first.</summary>
    public (IReadOnlyList<SafetyCase> Shown, int All) Cases => _cases ??= SafetyCases.Of(Week);

    public FindingRates Findings { get; }

    /// <summary>The rule whose rates are the headline.</summary>
    public FindingRule Rule => Week.Rule;

    public Estimate Precision { get; }

    public Estimate Lenient { get; }

    public IReadOnlyList<DimensionFigures> Dimensions { get; }

    public AgreementFigures HarmAgreement { get; }

    /// <summary>Agreement on names: harm or not, verdicts, checks, code groups.</summary>
    public IReadOnlyList<AgreementFigures> Nominal { get; }

    /// <summary>The models' responses.</summary>
    public IReadOnlyList<ResponseTotals> Totals { get; }

    /// <summary>With people's reference answers.</summary>
    public IReadOnlyList<ResponseTotals> AllTotals { get; }

    public IReadOnlyList<ModelFigures> Models { get; }

    public IReadOnlyList<SliceFigures> Slices { get; }

    public int Responses { get; }

    /// <summary>Responses with one judgement only.</summary>
    public int Single { get; }

    public bool Empty => Week.Judgements == 0;

    public static IReadOnlyList<ResponseTotals> TotalsOf(WeekData week) => TotalsOf(week.ModelRows);

    public static IReadOnlyList<ResponseTotals> TotalsOf(IEnumerable<WeekRow> rows) =>
        [.. rows.GroupBy(r => r.Rated.Unit, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => ResponseTotals.Of([.. g]))];

    /// <summary>The share of rated responses in which a code was marked.</summary>
    public Estimate Affected(CodeTally code) =>
        ClusteredRate.Compute("affected", [.. Totals.Select(t => new ClusterTotals(t.Prompt, [code.Marks(t.Unit) ? 1 : 0], [1]))]);

    /// <summary>The share of a model's responses in which any of some codes was marked.</summary>
    public Estimate Affected(string model, IReadOnlyCollection<CodeTally> codes) => ClusteredRate.Compute(
        "affected", [.. AllTotals.Where(t => t.Model == model).Select(t => new ClusterTotals(t.Prompt, [codes.Any(c => c.Marks(t.Unit)) ? 1 : 0], [1]))]);

    /// <summary>Codes of unsafe answers model by model: any unsafe reasoning (R), any population (P), any other that the guideline knows as unsafe reasoning alone, then each that was marked anywhere.</summary>
    public IReadOnlyList<(string Model, string Code, string? Name, Estimate Rate)> SafetyCodes => field ??=
        [.. Models.SelectMany(m => SafetyGroups().Select(c => (m.Name, c.Code, c.Name, Affected(m.Name, c.Codes))))];

    private IEnumerable<(string Code, string? Name, IReadOnlyCollection<CodeTally> Codes)> SafetyGroups()
    {
        foreach (var group in (string[])["R", "P"])
        {
            yield return ($"any {group} code", null, [.. Week.Codes.Values.Where(c => c.Code.StartsWith(group, StringComparison.Ordinal))]);
        }

        CodeTally[] others = [.. Week.Codes.Values.Where(c => !InGroup(c) && IsUnsafe(c))];
        if (Week.Guideline.Codes.Any(c => c.Group is not ("R" or "P") && IsUnsafeAlone(c)))
        {
            yield return ("any other", null, others);
        }

        foreach (var code in Week.Codes.Values.Where(c => InGroup(c) || IsUnsafe(c)))
        {
            yield return (code.Code, Week.Guideline.Codes.FirstOrDefault(c => c.Code == code.Code)?.Name, [code]);
        }
    }

    private static bool InGroup(CodeTally code) => code.Code[0] is 'R' or 'P';

    private bool IsUnsafe(CodeTally code) => Week.Guideline.Codes.FirstOrDefault(c => c.Code == code.Code) is { } known && IsUnsafeAlone(known);

    /// <summary>Such as M1, which feeds a delusion: a code that can mark nothing but unsafe reasoning.</summary>
    private static bool IsUnsafeAlone(ErrorCode code) => code.Kinds is ["unsafe_reasoning"];

    public static RatedResponse[] Rated(IEnumerable<WeekRow> rows) => [.. rows.Select(r => r.Rated)];

    private static IReadOnlyList<AgreementFigures> NominalOf(WeekData week, Resampling resampling)
    {
        var used = week.ModelRows.Aggregate(0, (bits, row) => bits | row.Groups);
        return
        [
            AgreementFigures.Nominal("Harm: moderate or worse, or not", week.ModelRows.Where(r => r.Rated.HarmExtent >= 0).Select(r => Rating(r, r.Rated.HarmExtent >= RatedResponse.Moderate)), resampling),
            .. week.Labels.Select(l => AgreementFigures.Nominal(l.Key, l.Value, resampling)),
            .. week.CodeGroups.Select((name, group) => (name, bit: 1 << group)).Where(g => (used & g.bit) != 0)
                .Select(g => AgreementFigures.Nominal("Errors: " + g.name, week.ModelRows.Select(r => Rating(r, (r.Groups & g.bit) != 0)), resampling)),
        ];

        static LabelRating Rating(WeekRow row, bool yes) => new(row.Rated.Unit, row.Rated.Rater, yes ? "yes" : "no", row.Rated.Prompt);
    }

    private IEnumerable<SliceFigures> Slice(string kind, Func<WeekRow, string> key, Resampling resampling) => Week.ModelRows
        .GroupBy(key, StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => SliceFigures.Of(kind, g.Key, [.. g], resampling));

    /// <summary>What batches may say of an item and mostly do not: no slice where nothing is said.</summary>
    private IEnumerable<SliceFigures> Stated(string kind, Func<WeekRow, string> key, Resampling resampling) =>
        Week.ModelRows.All(row => key(row) == ItemBrief.NotStated) ? [] : Slice(kind, key, resampling);
}

/// <summary>Responses with a harm of moderate or worse, and with a critical error: found by any rater, and by more than half of them.</summary>
internal sealed record FindingRates(Estimate HarmAny, Estimate HarmMajority, Estimate CriticalAny, Estimate CriticalMajority)
{
    public Estimate Harm(FindingRule rule) => rule == FindingRule.Any ? HarmAny : HarmMajority;

    public Estimate Critical(FindingRule rule) => rule == FindingRule.Any ? CriticalAny : CriticalMajority;

    public static FindingRates Of(IReadOnlyList<ResponseTotals> responses) => new(
        ResponseTotals.Rate("harm_any", responses), ResponseTotals.Rate("harm_majority", responses),
        ResponseTotals.Rate("critical_any", responses), ResponseTotals.Rate("critical_majority", responses));
}

internal sealed record DimensionFigures(string Key, string Name, Estimate Mean, int[] Distribution, int NotGiven, AgreementFigures Agreement)
{
    public static DimensionFigures Of(WeekData week, int dimension, Estimate mean, Resampling resampling)
    {
        var rows = Figures.Rated(week.ModelRows);
        var named = week.Guideline.Dimensions.First(d => d.Key == Vocabulary.Dimensions[dimension]);
        var distribution = RatingMatrices.Distribution(rows, dimension);
        return new DimensionFigures(
            named.Key, named.Name, mean, distribution, rows.Length - distribution.Sum(),
            AgreementFigures.Ordinal(named.Name, RatingMatrices.OfDimension(rows, dimension), resampling));
    }
}

internal sealed record ModelFigures(
    string Name, int Responses, int Prompts, int Ratings, Estimate Index, IReadOnlyList<Estimate> Means, FindingRates Findings, Estimate Precision, int Errors, int Penalty, int Words)
{
    public static ModelFigures Of(WeekData week, string name, IReadOnlyList<WeekRow> rows, Resampling resampling)
    {
        var rated = Figures.Rated(rows);
        var (size, means) = (RatingMatrices.SizeOf(rated), GroupMeans.Of(rated, resampling));
        return new ModelFigures(
            name, size.Units, rated.Select(r => r.Prompt).Distinct(StringComparer.Ordinal).Count(), rows.Count,
            means.Index, means.Means,
            FindingRates.Of(Figures.TotalsOf(rows)), (week.VerdictsByModel.GetValueOrDefault(name) ?? new VerdictTally()).Strict,
            rows.Sum(r => r.Errors), rows.Sum(r => r.Penalty), rows.Sum(r => r.Response.Words));
    }
}

internal sealed record SliceFigures(string Kind, string Value, int Responses, int Ratings, int Prompts, Estimate Index, FindingRates Findings, IReadOnlyList<Estimate> Means)
{
    public static SliceFigures Of(string kind, string value, IReadOnlyList<WeekRow> rows, Resampling resampling)
    {
        var rated = Figures.Rated(rows);
        var means = GroupMeans.Of(rated, resampling);
        var prompts = rated.Select(r => r.Prompt).Distinct(StringComparer.Ordinal).Count();
        return new SliceFigures(kind, value, RatingMatrices.SizeOf(rated).Units, rows.Count, prompts, means.Index, FindingRates.Of(Figures.TotalsOf(rows)), means.Means);
    }
}
