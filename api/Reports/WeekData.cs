using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Guidelines;

namespace HealthEval.Reports;

/// <summary>A week read back from its export files: counts and compact rows, no texts beyond a few examples.</summary>
internal sealed class WeekData
{
    private readonly Dictionary<string, ItemBrief> _items;
    private readonly Dictionary<string, string> _threeWay;
    private readonly Dictionary<string, int> _groups;
    private readonly HashSet<string> _prompts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tasks = new(StringComparer.Ordinal);

    private WeekData(string folder)
    {
        Folder = folder;
        Project = JsonLines.ReadFile<ProjectExport>(At(ReportFiles.Project));
        Guideline = JsonLines.ReadFile<Guideline>(At(ReportFiles.Guideline));
        Raters = JsonLines.ReadFile<IReadOnlyList<RaterExport>>(At(ReportFiles.Raters));
        History = JsonLines.ReadFile<IReadOnlyList<WeekHeadlines>>(At(ReportFiles.History));
        Context = JsonLines.ReadFile<WeekContext>(At(ReportFiles.Context));
        Previous = [.. JsonLines.Read<ResponseTotals>(At(ReportFiles.Previous))];
        CodeGroups = [.. Guideline.Codes.Where(c => !c.Code.StartsWith('G')).Select(c => c.Group).Distinct(StringComparer.Ordinal)];
        _groups = Guideline.Codes.Where(c => !c.Code.StartsWith('G')).ToDictionary(c => c.Code, c => 1 << CodeGroups.IndexOf(c.Group), StringComparer.Ordinal);
        Adjudications = [.. JsonLines.Read<AdjudicationExport>(At(ReportFiles.Adjudications))];
        _items = ItemBrief.Read(folder);
        _threeWay = Guideline.Verdicts.ToDictionary(v => v.Key, v => v.ThreeWay);
    }

    public string Folder { get; }

    public ProjectExport Project { get; }

    public IsoWeek Week => IsoWeek.Parse(Project.Week) ?? throw new InvalidDataException($"{ReportFiles.Project}: '{Project.Week}' is not an ISO week.");

    public Guideline Guideline { get; }

    public IReadOnlyList<RaterExport> Raters { get; }

    public IReadOnlyList<WeekHeadlines> History { get; }

    public WeekContext Context { get; }

    /// <summary>The responses of the week before; empty where it has no finished report.</summary>
    public IReadOnlyList<ResponseTotals> Previous { get; }

    public IReadOnlyList<string> CodeGroups { get; }

    /// <summary>Verdicts on passages, and answers to each behaviour check, customer rule and rubric criterion.</summary>
    public SortedDictionary<string, List<LabelRating>> Labels { get; } = new(StringComparer.Ordinal);

    /// <summary>Decisions of adjudicators in this week. No figure of judgements takes them in: those stay as they were given.</summary>
    public IReadOnlyList<AdjudicationExport> Adjudications { get; }

    public List<WeekRow> Rows { get; } = [];

    public SortedDictionary<string, CodeTally> Codes { get; } = new(StringComparer.Ordinal);

    public VerdictTally Verdicts { get; } = new();

    public SortedDictionary<string, VerdictTally> VerdictsByType { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, VerdictTally> VerdictsByModel { get; } = new(StringComparer.Ordinal);

    public List<RefutedClaim> Refuted { get; } = [];

    public List<CriticalFinding> Critical { get; } = [];

    public SortedDictionary<string, PairTally> Pairs { get; } = new(StringComparer.Ordinal);

    /// <summary>Judgements per harm extent × likelihood.</summary>
    public int[,] HarmMatrix { get; } = new int[Vocabulary.HarmExtents.Count, Vocabulary.HarmLikelihoods.Count + 1];

    public SortedDictionary<string, int> Mechanisms { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, AnswerTally> Behaviour { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, AnswerTally> Rules { get; } = new(StringComparer.Ordinal);

    public List<RubricScore> RubricScores { get; } = [];

    public SortedDictionary<string, RaterTally> RaterTallies { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, int> GuidelineVersions { get; } = new(StringComparer.Ordinal);

    public int Judgements { get; private set; }

    public int Simulated { get; private set; }

    public int Flagged { get; private set; }

    public int Prompts => _prompts.Count;

    public int Tasks => _tasks.Count;

    public int SpanCount { get; private set; }

    public static WeekData Read(string folder)
    {
        var data = new WeekData(folder);
        foreach (var annotation in data.Annotations())
        {
            data.Add(annotation);
        }

        return data;
    }

    public string At(string file) => Path.Combine(Folder, file);

    public IEnumerable<AnnotationExport> Annotations() => JsonLines.Read<AnnotationExport>(At(ReportFiles.Annotations));

    public ItemBrief Item(string taskId) => ItemBrief.Of(_items, taskId);

    private void Add(AnnotationExport annotation)
    {
        var (item, judgement) = (Item(annotation.TaskId), annotation.Judgement);
        Judgements++;
        Simulated += annotation.Simulated ? 1 : 0;
        Flagged += judgement.Flags.Count > 0 ? 1 : 0;
        _prompts.Add(item.PromptId);
        _tasks.Add(annotation.TaskId);
        var version = $"{annotation.Guideline.Id} v{annotation.Guideline.Version}";
        GuidelineVersions[version] = GuidelineVersions.GetValueOrDefault(version) + 1;
        WeekRow[] rows = [.. RatedResponse.From(annotation.TaskId, item.PromptId, annotation.Rater, annotation.ResponseOrder, judgement)
            .Select(rated => new WeekRow(rated, item, item.Response(rated.Unit[(annotation.TaskId.Length + 1)..])))];
        Rows.AddRange(rows);
        AddHarm(judgement);
        AddSpans(annotation, rows);
        AddClaims(annotation, item, rows);
        AddPreference(annotation, item);
        AddChecks(annotation, item);
        Of(RaterTallies, annotation.Rater, key => new RaterTally(key)).Add(annotation, rows);
    }

    private void AddHarm(Judgement judgement)
    {
        foreach (var harm in judgement.Harm)
        {
            var (extent, likelihood) = (Vocabulary.HarmExtents.IndexOf(harm.Extent), Vocabulary.HarmLikelihoods.IndexOf(harm.Likelihood));
            if (extent >= 0)
            {
                HarmMatrix[extent, likelihood < 0 ? Vocabulary.HarmLikelihoods.Count : likelihood]++;
            }

            if (harm.Mechanism is { } mechanism)
            {
                Mechanisms[mechanism] = Mechanisms.GetValueOrDefault(mechanism) + 1;
            }
        }
    }

    private void AddSpans(AnnotationExport annotation, WeekRow[] rows)
    {
        foreach (var span in annotation.Judgement.Spans)
        {
            SpanCount++;
            var unit = RatedResponse.UnitOf(annotation.TaskId, annotation.ResponseId(span.Response) ?? span.Response);
            var severity = Vocabulary.Severities.IndexOf(span.Severity);
            var row = Array.Find(rows, r => r.Rated.Unit == unit);
            Of(Codes, span.Code ?? "no code", key => new CodeTally(key)).Add(unit, annotation.TaskId, severity, span.Quote ?? span.MissingText);
            if (span.Kind == "strength")
            {
                Count(row, r => r.Strengths++);
                continue;
            }

            Count(row, r => r.Errors++);
            Count(row, r => r.Groups |= _groups.GetValueOrDefault(span.Code ?? ""));
            Count(row, r => r.Penalty += severity < 0 ? 0 : Guideline.Severities.FirstOrDefault(s => s.Key == span.Severity)?.Weight ?? 0);
            if (span.Severity == "critical")
            {
                Count(row, r => r.CriticalErrors++);
                Critical.Add(new CriticalFinding(annotation, unit, $"{span.Code} {span.Kind}", span.Quote ?? span.MissingText, span.Comment ?? span.Suggestion));
            }
        }
    }

    private void AddClaims(AnnotationExport annotation, ItemBrief item, WeekRow[] rows)
    {
        var number = 0;
        foreach (var claim in annotation.Judgement.Claims)
        {
            number++;
            var response = item.Response(annotation.ResponseId(claim.Response));
            var unit = RatedResponse.UnitOf(annotation.TaskId, response.ResponseId);
            var row = Array.Find(rows, r => r.Rated.Unit == unit);
            var threeWay = claim.Verdict is null ? null : _threeWay.GetValueOrDefault(claim.Verdict);
            Verdicts.Add(claim.Verdict, threeWay);
            Of(VerdictsByType, claim.Type ?? ItemBrief.NotStated, _ => new VerdictTally()).Add(claim.Verdict, threeWay);
            Of(VerdictsByModel, response.Model, _ => new VerdictTally()).Add(claim.Verdict, threeWay);
            Count(row, r => r.Claims++);
            Count(row, r => r.Decided += threeWay is "SUP" or "SUP*" or "REF" ? 1 : 0);
            Count(row, r => r.Supported += threeWay == "SUP" ? 1 : 0);
            Label("Claim verdicts", claim.Start is null ? null : $"{unit}|{claim.Start}-{claim.End}", annotation, item, claim.Verdict);
            if (threeWay != "REF")
            {
                continue;
            }

            Refuted.Add(new RefutedClaim(annotation, number, response.Model, claim));
            if (claim.Critical)
            {
                Count(row, r => r.CriticalErrors++);
                Critical.Add(new CriticalFinding(annotation, unit, $"claim {claim.Verdict}", claim.Quote, claim.Correction));
            }
        }
    }

    private void AddPreference(AnnotationExport annotation, ItemBrief item)
    {
        if (annotation.Judgement.Preference?.Winner is not { } winner || annotation.ResponseOrder.Count < 2)
        {
            return;
        }

        var (a, b) = (item.Response(annotation.ResponseOrder[0]).Model, item.Response(annotation.ResponseOrder[1]).Model);
        var swap = string.CompareOrdinal(a, b) > 0;
        var (first, second) = swap ? (b, a) : (a, b);
        var pair = Of(Pairs, first + "\n" + second, _ => new PairTally(first, second));
        pair.Wins += winner == (swap ? "B" : "A") ? 1 : 0;
        pair.Losses += winner == (swap ? "A" : "B") ? 1 : 0;
        pair.Ties += winner == "tie" ? 1 : 0;
        pair.BothBad += winner == "both_bad" ? 1 : 0;
    }

    private void AddChecks(AnnotationExport annotation, ItemBrief item)
    {
        foreach (var check in annotation.Judgement.Behaviour)
        {
            Of(Behaviour, check.Check, key => new AnswerTally(key)).Add(check.Answer, annotation.TaskId, check.Comment);
            Label("Check " + check.Check, UnitOf(annotation, check.Response), annotation, item, check.Answer);
        }

        foreach (var rule in annotation.Judgement.Rules)
        {
            Of(Rules, rule.Rule, key => new AnswerTally(key)).Add(rule.Answer, annotation.TaskId, rule.Comment);
            Label("Rule " + rule.Rule, UnitOf(annotation, rule.Response), annotation, item, rule.Answer);
        }

        foreach (var checks in annotation.Judgement.Rubric.GroupBy(c => c.Response))
        {
            RubricScores.Add(RubricScore.Of(item, annotation, checks));
            foreach (var check in checks)
            {
                Label("Rubric criteria (met or not)", $"{UnitOf(annotation, check.Response)}|{check.Criterion}", annotation, item, check.Met is { } met ? met ? "met" : "not met" : null);
            }
        }
    }

    private static string UnitOf(AnnotationExport annotation, string response) => RatedResponse.UnitOf(annotation.TaskId, annotation.ResponseId(response) ?? response);

    private void Label(string kind, string? unit, AnnotationExport annotation, ItemBrief item, string? label)
    {
        if (unit is not null && label is not null)
        {
            Of(Labels, kind, _ => []).Add(new LabelRating(unit, annotation.Rater, label, item.PromptId));
        }
    }

    private static void Count(WeekRow? row, Action<WeekRow> change)
    {
        if (row is not null)
        {
            change(row);
        }
    }

    private static T Of<T>(SortedDictionary<string, T> known, string key, Func<string, T> make) => known.TryGetValue(key, out var value) ? value : known[key] = make(key);
}
