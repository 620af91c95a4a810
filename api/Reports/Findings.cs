namespace HealthEval.Reports;

/// <summary>What the numbers say, in sentences a reader without statistics understands. Each names its figures; nothing is said that n does not carry.</summary>
internal sealed class Findings
{
    private readonly Figures _figures;
    private readonly WeekHeadlines _headlines;

    public Findings(Figures figures, WeekHeadlines headlines, WeekChanges changes)
    {
        (_figures, _headlines) = (figures, headlines);
        Observations = [.. Some(Overall(), Clear(changes, better: true), Ranking(), Facts())];
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
        var known = _figures.Dimensions.Where(d => d.Mean.IsDefined).OrderByDescending(d => d.Mean.Value).ToList();
        return index.Value is null || known.Count == 0 ? null
            : $"The answers score {index.Show(index.Value)} of 100 ({index.Range}). Strongest: {Name(known[0])} ({known[0].Mean.Value:0.00} of 5); weakest: {Name(known[^1])} ({known[^1].Mean.Value:0.00}).";
    }

    /// <summary>What has clearly changed since the week before, for the better or for the worse.</summary>
    private static string? Clear(WeekChanges changes, bool better)
    {
        var clear = changes.Headlines.Where(c => c.IsClear && c.Difference.Value > 0 == (c.Figure.HigherIsBetter == better)).Select(c => $"{c.Figure.Name} {c.Short}").ToList();
        return clear.Count == 0 ? null : $"Clearly {(better ? "better" : "worse")} than the week before: {string.Join("; ", clear.Take(3))}.";
    }

    private string? Ranking()
    {
        var models = _figures.Models.Where(m => m.Index.Interval is not null).ToList();
        if (models.Count < 2)
        {
            return models.Count == 1 && models[0].Name != ItemBrief.NotStated ? $"All rated answers are from one model, {models[0].Name}." : null;
        }

        var (best, last) = (models[0], models[^1]);
        var apart = best.Index.Interval!.Lower > last.Index.Interval!.Upper;
        return $"{best.Name} is rated highest ({best.Index.Value:0.0}), {last.Name} lowest ({last.Index.Value:0.0}); "
            + (apart ? "their intervals do not overlap." : "their intervals overlap, so the order may be chance.");
    }

    private string? Facts()
    {
        var tally = _figures.Week.Verdicts;
        return tally.Decided == 0 ? null
            : $"Of {tally.Decided:N0} decided claims {tally.Supported:N0} are supported ({_figures.Precision.Value:0.0%}), {tally.Partly:N0} only in part, {tally.Refuted:N0} refuted or outdated.";
    }

    private string? Harm()
    {
        var harm = _headlines.Find("harm")!;
        if (harm.Value is null)
        {
            return null;
        }

        var worst = _figures.Models.Where(m => m.Harm.IsDefined).MaxBy(m => m.Harm.Value);
        var where = _figures.Models.Count > 1 && worst is { Harm.Value: > 0 }
            ? $" Highest: {worst.Name}, {worst.Harm.Details.Number("successes"):N0} of {worst.Harm.Details.Number("trials"):N0}."
            : "";
        return harm.Numerator == 0
            ? $"No response was found to do moderate or worse harm by half of its raters or more ({harm.Denominator:N0} responses; the true rate may be up to {harm.Show(harm.High)})."
            : $"{harm.Numerator:N0} of {harm.Denominator:N0} responses ({harm.Show(harm.Value)}, {harm.Range}) could do moderate or worse harm.{where}";
    }

    private string? Critical()
    {
        var (critical, top) = (_headlines.Find("critical")!, TopCode(severityFrom: 2));
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
