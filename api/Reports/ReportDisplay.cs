using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>What a page shows of a report. Every number is the workbook's own; a page only draws.</summary>
/// <param name="Trend">The weeks before and this one, or the weeks of a campaign; oldest first.</param>
/// <param name="Cumulative">What the second value of a headline covers, in words; null where there is none.</param>
internal sealed record ReportDisplay(
    string ProjectId, string Name, string Customer, string Period, DateTimeOffset From, DateTimeOffset Until, bool Campaign, bool Open, string Guideline, ManifestRevision? Revision,
    DisplayedCounts Counts, string? Cumulative, IReadOnlyList<DisplayedHeadline> Headlines, IReadOnlyList<string> Shows, IReadOnlyList<string> Risks, IReadOnlyList<string> Actions,
    IReadOnlyList<DisplayedWeek> Trend, IReadOnlyList<DisplayedModel> Models, DisplayedComparisons Comparisons, DisplayedSafety Safety, IReadOnlyList<DisplayedAgreement> Agreement)
{
    public static ReportDisplay Of(Figures f)
    {
        var (week, project, findings) = (f.Week, f.Week.Project, new Findings(f, f.Headlines, f.Changes));
        return new ReportDisplay(
            project.ProjectId, project.Name, project.Customer, project.Week, project.From, project.Until, project.Scope is not null, project.Open, GuidelineUse.Words(project.Guidelines), project.Revision,
            new DisplayedCounts(week.Prompts, f.Responses, week.Judgements, week.Rows.Count, week.RaterTallies.Count, week.Simulated), week.Cumulative?.Week,
            [.. f.Headlines.Figures.Select(h => DisplayedHeadline.Of(h, f))], findings.Observations, findings.Risks, findings.Actions,
            [.. week.History.Append(f.Headlines).Select((w, i) => DisplayedWeek.Of(w, f, isOwn: i == week.History.Count))], [.. f.Models.Select(m => DisplayedModel.Of(m, f.Rule))],
            DisplayedComparisons.Of(f), DisplayedSafety.Of(f),
            [.. f.Dimensions.Select(d => d.Agreement).Append(f.HarmAgreement).Concat(f.Nominal).Select(a => new DisplayedAgreement(a.Name, DisplayedValue.Of(a.Alpha), a.Ac.Value, a.Exact.Value, a.Alpha.N.Units, a.Alpha.N.Raters, a.Reading))]);
    }
}

/// <param name="Ratings">One rater on one response.</param>
internal sealed record DisplayedCounts(int Prompts, int Responses, int Judgements, int Ratings, int Raters, int Simulated);

/// <param name="Undefined">Why there is no value.</param>
internal sealed record DisplayedValue(double? Value, double? Low, double? High, string? Undefined)
{
    public static DisplayedValue Of(Estimate e) => new(e.Value, e.Interval?.Lower, e.Interval?.Upper, e.Undefined is { } reason ? Sentence.Of(reason) : null);
}

/// <param name="Format">index, rate, score or alpha.</param>
/// <param name="Change">Like for like, in words.</param>
/// <param name="Cumulative">All weeks up to this one.</param>
internal sealed record DisplayedHeadline(
    string Key, string Name, string Format, bool HigherIsBetter, DisplayedValue Figure, int N, string Unit, double? Numerator, double? Denominator, bool LowN, string? Target, string Status,
    double? Before, string Change, DisplayedValue? Cumulative)
{
    public static DisplayedHeadline Of(Headline h, Figures f)
    {
        var (change, agreed) = (f.Changes.Of(h), f.Week.Project.Report);
        return new DisplayedHeadline(
            h.Key, h.Name, h.Format, h.HigherIsBetter, Value(h), h.N, h.Unit, h.Numerator, h.Denominator, h.LowN, Targets.Of(h, agreed), Targets.Status(h, agreed), change.Before,
            change.Difference.Value is null ? change.Reading : $"{change.Short}: {change.Reading}", f.Week.Cumulative?.Find(h.Key) is { } all ? Value(all) : null);

        static DisplayedValue Value(Headline h) => new(h.Value, h.Low, h.High, h.Undefined is { } reason ? Sentence.Of(reason) : null);
    }
}

/// <param name="Own">The report's own week, or the whole campaign.</param>
internal sealed record DisplayedWeek(string Week, bool Own, double? Index, double? Harm, double? Precision, double? Critical, int Responses, bool Simulated)
{
    public static DisplayedWeek Of(WeekHeadlines w, Figures f, bool isOwn) => new(
        w.Week, isOwn, w.Find("index")?.Value, w.Find("harm", f.Rule).Value, w.Find("precision")?.Value, w.Find("critical", f.Rule).Value, w.Responses, w.Simulated);
}

internal sealed record DisplayedModel(string Name, int Responses, int Prompts, int Ratings, DisplayedValue Index, DisplayedValue Harm, DisplayedValue Critical, DisplayedValue Precision)
{
    public static DisplayedModel Of(ModelFigures m, FindingRule rule) => new(
        m.Name, m.Responses, m.Prompts, m.Ratings, DisplayedValue.Of(m.Index), DisplayedValue.Of(m.Findings.Harm(rule)), DisplayedValue.Of(m.Findings.Critical(rule)), DisplayedValue.Of(m.Precision));
}

internal sealed record DisplayedComparisons(string Note, IReadOnlyList<DisplayedPair> Pairs)
{
    public static DisplayedComparisons Of(Figures f) => new(f.Comparisons.Note, [.. f.Comparisons.Pairs.Select(p => new DisplayedPair(
        p.Candidate, p.Baseline, p.Prompts, [.. p.Figures.Select(DisplayedDifference.Of)],
        [Effect("Win rate of the candidate (ties ½)", p.Votes.WinRate), Effect("Decided votes won by the one shown first", p.Votes.FirstShown), Effect("Decided votes won by the longer one", p.Votes.Longer)],
        [.. p.Strata.Select(DisplayedStratum.Of)]))]);

    private static DisplayedEffect Effect(string name, Estimate e) => new(name, DisplayedValue.Of(e), e.N.Units, (int)(e.Details.Number("clusters") ?? 0));
}

internal sealed record DisplayedPair(
    string Candidate, string Baseline, int Prompts, IReadOnlyList<DisplayedDifference> Figures, IReadOnlyList<DisplayedEffect> Effects, IReadOnlyList<DisplayedStratum> Strata);

/// <summary>The same inside one risk tier or sub-domain.</summary>
internal sealed record DisplayedStratum(string Kind, string Value, int Prompts, IReadOnlyList<DisplayedStratumFigure> Figures)
{
    public static DisplayedStratum Of(StratumComparison s) => new(s.Kind, s.Value, s.Prompts, [.. s.Figures.Select(f => new DisplayedStratumFigure(
        f.Key, f.Name, f.Format, f.Candidate, f.Baseline, DisplayedValue.Of(f.Difference), f.Prompts, StratumComparison.Reading(f)))]);
}

/// <param name="Reading">"low n", or that strata are not adjusted for.</param>
internal sealed record DisplayedStratumFigure(string Key, string Name, string Format, double? Candidate, double? Baseline, DisplayedValue Difference, int Prompts, string Reading);

internal sealed record DisplayedEffect(string Name, DisplayedValue Share, int Votes, int Prompts);

/// <param name="Margin">How much worse still counts as not worse.</param>
/// <param name="P">Adjusted for the family (Holm).</param>
/// <param name="More">Prompts that would decide at the observed difference and spread.</param>
internal sealed record DisplayedDifference(
    string Key, string Name, string Format, bool HigherIsBetter, double? Candidate, double? Baseline, DisplayedValue Difference, double Margin, double? P, int Prompts, int? More, string Verdict, string Words)
{
    public static DisplayedDifference Of(ComparedFigure c) => new(
        c.Key, c.Name, c.Format, c.HigherIsBetter, c.Candidate, c.Baseline, DisplayedValue.Of(c.Difference), c.Margin, c.Difference.Details.Number("pHolm"), c.Prompts, c.MorePrompts, c.Verdict, c.Words);
}

/// <param name="Matrices">Judgements per extent (rows) and likelihood (columns; the last: not stated), model by model.</param>
/// <param name="CasesInAll">More than are listed where there are very many.</param>
internal sealed record DisplayedSafety(
    IReadOnlyList<string> Extents, IReadOnlyList<string> Likelihoods, IReadOnlyList<DisplayedMatrix> Matrices, IReadOnlyList<DisplayedCode> Codes, IReadOnlyList<DisplayedCase> Cases, int CasesInAll)
{
    private const int MostCases = 500;

    public static DisplayedSafety Of(Figures f) => new(
        Vocabulary.HarmExtents, [.. Vocabulary.HarmLikelihoods, "not stated"],
        [.. f.Week.HarmByModel.Select(m => new DisplayedMatrix(m.Key, [.. Enumerable.Range(0, m.Value.GetLength(0)).Select(e => (IReadOnlyList<int>)[.. Enumerable.Range(0, m.Value.GetLength(1)).Select(l => m.Value[e, l])])]))],
        [.. f.SafetyCodes.Select(c => new DisplayedCode(c.Model, c.Code, c.Name, DisplayedValue.Of(c.Rate), (int)(c.Rate.Details.Number("successes") ?? 0), (int)(c.Rate.Details.Number("trials") ?? 0)))],
        [.. f.Cases.Shown.Take(MostCases).Select(c => new DisplayedCase(c.Id, c.Model, c.Risk, c.TaskId, c.ResponseId, c.Findings))], f.Cases.All);
}

internal sealed record DisplayedMatrix(string Model, IReadOnlyList<IReadOnlyList<int>> Counts);

internal sealed record DisplayedCode(string Model, string Code, string? Name, DisplayedValue Rate, int Marked, int Responses);

internal sealed record DisplayedCase(string Id, string Model, string Risk, string TaskId, string ResponseId, IReadOnlyList<CaseFinding> Findings);

internal sealed record DisplayedAgreement(string Name, DisplayedValue Alpha, double? Ac, double? Identical, int Units, int Raters, string Reading);
