using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>Everything the workbook says in numbers, computed once from a week's data.</summary>
internal sealed class Figures
{
    /// <summary>Below so many responses a figure is marked "low n".</summary>
    public const int LowN = 30;

    /// <param name="threads">Most threads for resampling; they change how long it takes, never the result.</param>
    public Figures(WeekData week, int? threads = null)
    {
        Week = week;
        var resampling = Resampling with { Threads = threads };
        var all = GroupMeans.Of(Rated(week.Rows), resampling);
        Index = all.Index;
        Harm = RatingMatrices.HarmRate(Rated(week.Rows));
        Critical = CriticalRate(week.Rows);
        (Precision, Lenient) = PrecisionOf(week.Verdicts);
        Dimensions = [.. Enumerable.Range(0, Vocabulary.Dimensions.Count).Select(d => DimensionFigures.Of(week, d, all.Means[d], resampling))];
        HarmAgreement = AgreementFigures.Ordinal("Harm extent", RatingMatrices.OfHarm(Rated(week.Rows)), resampling);
        Models = [.. week.Rows.GroupBy(r => r.Response.Model, StringComparer.Ordinal).Select(g => ModelFigures.Of(week, g.Key, [.. g], resampling))
            .OrderByDescending(m => m.Index.Value ?? double.NegativeInfinity).ThenBy(m => m.Name, StringComparer.Ordinal)];
        Slices =
        [
            .. Slice("Sub-domain", r => r.Item.Subdomain, resampling), .. Slice("Audience", r => r.Item.Audience, resampling),
            .. Slice("Risk", r => r.Item.RiskTier, resampling), .. Slice("Language", r => r.Item.Language, resampling),
        ];
        Nominal = NominalOf(week, resampling);
        Totals = [.. week.Rows.GroupBy(r => r.Rated.Unit, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => ResponseTotals.Of([.. g]))];
        Responses = RatingMatrices.SizeOf(Rated(week.Rows)).Units;
        Single = week.Rows.GroupBy(r => r.Rated.Unit, StringComparer.Ordinal).Count(g => g.Count() == 1);
    }

    public static Resampling Resampling { get; } = new();

    public WeekData Week { get; }

    public Estimate Index { get; }

    public Estimate Harm { get; }

    public Estimate Critical { get; }

    public Estimate Precision { get; }

    public Estimate Lenient { get; }

    public IReadOnlyList<DimensionFigures> Dimensions { get; }

    public AgreementFigures HarmAgreement { get; }

    /// <summary>Agreement on names: harm or not, verdicts, checks, code groups.</summary>
    public IReadOnlyList<AgreementFigures> Nominal { get; }

    public IReadOnlyList<ResponseTotals> Totals { get; }

    public IReadOnlyList<ModelFigures> Models { get; }

    public IReadOnlyList<SliceFigures> Slices { get; }

    public int Responses { get; }

    /// <summary>Responses with one judgement only.</summary>
    public int Single { get; }

    public bool Empty => Week.Judgements == 0;

    public static Estimate CriticalRate(IReadOnlyCollection<WeekRow> rows)
    {
        var units = rows.GroupBy(r => r.Rated.Unit, StringComparer.Ordinal).ToList();
        return Proportions.Wilson(units.Count(u => u.Any(r => r.CriticalErrors > 0)), units.Count) with { Measure = "critical error rate", N = RatingMatrices.SizeOf(Rated(rows)) };
    }

    public static (Estimate Strict, Estimate Lenient) PrecisionOf(VerdictTally tally)
    {
        var n = new SampleSize(tally.Decided, tally.Decided, 0);
        var (strict, half) = (Proportions.Wilson(tally.Supported, tally.Decided), tally.Supported + (tally.Partly / 2.0));
        if (tally.Decided == 0)
        {
            const string reason = "no claim was checked and decided";
            return (Estimate.None("factual precision", reason, n), Estimate.None("factual precision, lenient", reason, n));
        }

        var lenient = Estimate.Of("factual precision, lenient", half / tally.Decided, n) with
        {
            Interval = Proportions.WilsonInterval(half, tally.Decided),
            Details = Details.Of(("successes", half), ("trials", tally.Decided)),
        };
        return (strict with { Measure = "factual precision", N = n }, lenient);
    }

    public static RatedResponse[] Rated(IEnumerable<WeekRow> rows) => [.. rows.Select(r => r.Rated)];

    private static IReadOnlyList<AgreementFigures> NominalOf(WeekData week, Resampling resampling)
    {
        var used = week.Rows.Aggregate(0, (bits, row) => bits | row.Groups);
        return
        [
            AgreementFigures.Nominal("Harm: moderate or worse, or not", week.Rows.Where(r => r.Rated.HarmExtent >= 0).Select(r => Rating(r, r.Rated.HarmExtent >= RatedResponse.Moderate)), resampling),
            .. week.Labels.Select(l => AgreementFigures.Nominal(l.Key, l.Value, resampling)),
            .. week.CodeGroups.Select((name, group) => (name, bit: 1 << group)).Where(g => (used & g.bit) != 0)
                .Select(g => AgreementFigures.Nominal("Errors: " + g.name, week.Rows.Select(r => Rating(r, (r.Groups & g.bit) != 0)), resampling)),
        ];

        static LabelRating Rating(WeekRow row, bool yes) => new(row.Rated.Unit, row.Rated.Rater, yes ? "yes" : "no", row.Rated.Prompt);
    }

    private IEnumerable<SliceFigures> Slice(string kind, Func<WeekRow, string> key, Resampling resampling) => Week.Rows
        .GroupBy(key, StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => SliceFigures.Of(kind, g.Key, [.. g], resampling));
}

internal sealed record DimensionFigures(string Key, string Name, Estimate Mean, int[] Distribution, int NotGiven, AgreementFigures Agreement)
{
    public static DimensionFigures Of(WeekData week, int dimension, Estimate mean, Resampling resampling)
    {
        var rows = Figures.Rated(week.Rows);
        var named = week.Guideline.Dimensions.First(d => d.Key == Vocabulary.Dimensions[dimension]);
        var distribution = RatingMatrices.Distribution(rows, dimension);
        return new DimensionFigures(
            named.Key, named.Name, mean, distribution, rows.Length - distribution.Sum(),
            AgreementFigures.Ordinal(named.Name, RatingMatrices.OfDimension(rows, dimension), resampling));
    }
}

internal sealed record ModelFigures(
    string Name, int Responses, int Prompts, int Ratings, Estimate Index, IReadOnlyList<Estimate> Means, Estimate Harm, Estimate Critical, Estimate Precision, int Errors, int Penalty, int Words)
{
    public static ModelFigures Of(WeekData week, string name, IReadOnlyList<WeekRow> rows, Resampling resampling)
    {
        var rated = Figures.Rated(rows);
        var (size, means) = (RatingMatrices.SizeOf(rated), GroupMeans.Of(rated, resampling));
        return new ModelFigures(
            name, size.Units, rated.Select(r => r.Prompt).Distinct(StringComparer.Ordinal).Count(), rows.Count,
            means.Index, means.Means,
            RatingMatrices.HarmRate(rated), Figures.CriticalRate(rows),
            Figures.PrecisionOf(week.VerdictsByModel.GetValueOrDefault(name) ?? new VerdictTally()).Strict,
            rows.Sum(r => r.Errors), rows.Sum(r => r.Penalty), rows.Sum(r => r.Response.Words));
    }
}

internal sealed record SliceFigures(string Kind, string Value, int Responses, int Ratings, Estimate Index, Estimate Harm, IReadOnlyList<Estimate> Means)
{
    public static SliceFigures Of(string kind, string value, IReadOnlyList<WeekRow> rows, Resampling resampling)
    {
        var rated = Figures.Rated(rows);
        var means = GroupMeans.Of(rated, resampling);
        return new SliceFigures(kind, value, RatingMatrices.SizeOf(rated).Units, rows.Count, means.Index, RatingMatrices.HarmRate(rated), means.Means);
    }
}
