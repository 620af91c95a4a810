using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports;

/// <summary>What the numbers say, in sentences a reader without statistics understands. Each names its figures; nothing is said that n does not carry.</summary>
internal sealed class Findings
{
    private readonly Figures _figures;
    private readonly WeekHeadlines _headlines;

    public Findings(Figures figures, WeekHeadlines headlines, WeekChanges changes)
    {
        (_figures, _headlines) = (figures, headlines);
        Observations = [.. Some(Overall(), Clear(changes, better: true), Pairs(), Facts())];
        Risks = [.. Some(Harm(), Clear(changes, better: false), Critical(), Agreement(), Coverage())];
        Actions = [.. Some(ReviewCritical(), CorrectCode(), Calibrate(), SecondRater())];
    }

    public IReadOnlyList<string> Observations { get; }

    public IReadOnlyList<string> Risks { get; }

    public IReadOnlyList<string> Actions { get; }

    private static IEnumerable<string> Some(params string?[] sentences) => sentences.OfType<string>().Take(3);

    private string? Overall()
    {
        var index = _headlines.Find("index")!;
        return index.Value is null ? null : $"The answers score {index.Show(index.Value)} of 100 ({index.Range}).{Extremes()}";
    }

    /// <summary>The highest and the lowest dimension, where their difference on the same responses is decided and rests on enough prompts.</summary>
    private string? Extremes()
    {
        var known = _figures.Dimensions.Where(d => d.Mean.IsDefined).OrderByDescending(d => d.Mean.Value).ToList();
        if (known.Count < 2 || known[0].Mean.Details.Number("clusters") is not >= Figures.LowN)
        {
            return null;
        }

        var (high, low, pairs) = (known[0], known[^1], known.Count * (known.Count - 1) / 2);
        var difference = RatioContrast.Compute("difference", [new(1, Parts(high)), new(-1, Parts(low))]);
        return difference.Details.Number("pValue") * pairs < 0.05
            ? $" Highest: {Name(high)} ({high.Mean.Value:0.00} of 5); lowest: {Name(low)} ({low.Mean.Value:0.00})."
            : null;

        ClusterTotals[] Parts(DimensionFigures dimension) => [.. _figures.Totals.Select(t => t.PartOf("mean_" + dimension.Key)!)];
    }

    /// <summary>What has clearly changed since the week before, for the better or for the worse.</summary>
    private static string? Clear(WeekChanges changes, bool better)
    {
        var clear = changes.Headlines.Where(c => c.IsClear && c.Difference.Value > 0 == (c.Figure.HigherIsBetter == better)).Select(c => $"{c.Figure.Name} {c.Short}").ToList();
        return clear.Count == 0 ? null : $"Clearly {(better ? "better" : "worse")} than the week before, like for like: {string.Join("; ", clear.Take(3))}.";
    }

    /// <summary>Models on the prompts they share, pair by pair; never from the order of their means.</summary>
    private string? Pairs()
    {
        if (_figures.Models.Count < 2)
        {
            return _figures.Models.Count == 1 && _figures.Models[0].Name != ItemBrief.NotStated ? $"All rated answers are from one model, {_figures.Models[0].Name}." : null;
        }

        var pairs = _figures.Comparisons.Pairs.Select(p => (Pair: p, Index: p.Figures.First(f => f.Key == "index"))).Where(p => p.Index.Difference.Interval is not null).ToList();
        var decided = pairs.Where(p => p.Index.IsDecided && p.Pair.Prompts >= Figures.LowN).OrderByDescending(p => Math.Abs(p.Index.Difference.Value!.Value)).ToList();
        return decided.Count > 0
            ? "On the prompts they share, " + string.Join("; ", decided.Take(2).Select(p => Words(p.Pair, p.Index))) + "."
            : pairs.Count == 0 ? "No two models answered the same prompts, so they cannot be compared."
            : $"No pair of models differs clearly in the index on the prompts they share (sheet Comparison): their order may be chance.";

        static string Words(PairComparison pair, ComparedFigure index)
        {
            var d = index.Difference;
            var (better, worse, sign) = d.Value > 0 ? (pair.Candidate, pair.Baseline, 1) : (pair.Baseline, pair.Candidate, -1);
            var (low, high) = sign > 0 ? (d.Interval!.Lower, d.Interval.Upper) : (-d.Interval!.Upper, -d.Interval.Lower);
            return $"{better} is rated {sign * d.Value:0.0} points above {worse} ({low:0.0} to {high:0.0}, {pair.Prompts:N0} prompts)";
        }
    }

    private string? Facts()
    {
        var tally = _figures.Week.Verdicts;
        return tally.Decided == 0 ? null
            : $"Of {tally.Decided:N0} decided claims {tally.Supported:N0} are supported ({_figures.Precision.Value:0.0%}), {tally.Partly:N0} only in part, {tally.Refuted:N0} refuted or outdated.";
    }

    private string? Harm()
    {
        var harm = _headlines.Find("harm", _figures.Rule);
        if (harm.Value is null)
        {
            return null;
        }

        var by = _figures.Rule.Words();
        return harm.Numerator == 0
            ? $"No response was found to do moderate or worse harm by {by} ({harm.Denominator:N0} responses; the true rate may be up to {harm.Show(harm.High)})."
            : $"{harm.Numerator:N0} of {harm.Denominator:N0} responses ({harm.Show(harm.Value)}, {harm.Range}) could do moderate or worse harm, as {by} found.";
    }

    private string? Critical()
    {
        var (critical, top) = (_headlines.Find("critical", _figures.Rule), TopCode(severityFrom: 2));
        return critical.Numerator is not > 0 ? null
            : $"{critical.Numerator:N0} {(critical.Numerator == 1 ? "response has" : "responses have")} a critical error{(top is null ? "" : $"; most often {top}")}.";
    }

    private string? Agreement()
    {
        var weak = _figures.Dimensions.Where(d => d.Agreement.Alpha is { Value: < 0.4, N.Units: >= Figures.LowN }).OrderBy(d => d.Agreement.Alpha.Value).ToList();
        return weak.Count == 0 ? null : $"Raters agree least on {Name(weak[0])} (α {weak[0].Agreement.Alpha.Value:0.00}): read single scores of it with care.";
    }

    private string? Coverage() => _figures.Responses is > 0 and < Figures.LowN
        ? $"Only {_figures.Responses} responses were rated: every figure here is uncertain (low n)."
        : null;

    private string? ReviewCritical() => _figures.Week.Critical.Count == 0 ? null
        : $"Have a senior clinician look at the {_figures.Week.Critical.Count:N0} critical findings on the sheet of that name first.";

    private string? CorrectCode() => TopCode(severityFrom: 1) is { } code ? $"Correct the most frequent serious problem in the answers: {code} (sheet Errors has examples)." : null;

    private string? Calibrate()
    {
        var weakest = _figures.Dimensions.Where(d => d.Agreement.Alpha is { Value: < 0.667, N.Units: >= Figures.LowN }).MinBy(d => d.Agreement.Alpha.Value);
        return weakest is null ? null : $"Discuss {Name(weakest)} in the next calibration round, with the items rated furthest apart (sheet Items, column Range).";
    }

    private string? SecondRater() => _figures.Single == 0 ? null
        : $"Get a second judgement for the {_figures.Single:N0} of {_figures.Responses:N0} responses that have only one.";

    private string? TopCode(int severityFrom)
    {
        var top = _figures.Week.Codes.Values
            .Where(c => !c.Code.StartsWith('G'))
            .Select(c => (Tally: c, Count: c.BySeverity[severityFrom..3].Sum()))
            .Where(c => c.Count > 0)
            .OrderByDescending(c => c.Count).ThenBy(c => c.Tally.Code, StringComparer.Ordinal)
            .FirstOrDefault();
        return top.Tally is null ? null : $"{top.Tally.Code} {_figures.Week.Guideline.Codes.FirstOrDefault(c => c.Code == top.Tally.Code)?.Name} ({top.Count}×)";
    }

    private static string Name(DimensionFigures dimension) => dimension.Name.ToLowerInvariant();
}
