using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Projects;

namespace HealthEval.Reports;

/// <summary>A week read back from its export files: counts and compact rows, no texts beyond a few examples.</summary>
internal sealed class WeekData
{
    private readonly Dictionary<string, ItemBrief> _items;
    private readonly Dictionary<GuidelineReference, Guideline> _guidelines;
    private readonly Dictionary<string, int> _groups;
    private readonly HashSet<string> _prompts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tasks = new(StringComparer.Ordinal);

    private WeekData(string folder, bool isWhole)
    {
        Folder = folder;
        Project = JsonLines.ReadFile<ProjectExport>(At(ReportFiles.Project));
        var guidelines = JsonLines.ReadFile<IReadOnlyList<Guideline>>(At(ReportFiles.Guidelines));
        Guideline = guidelines[0];
        _guidelines = guidelines.ToDictionary(g => new GuidelineReference(g.Id, g.Version));
        Raters = isWhole ? JsonLines.ReadFile<IReadOnlyList<RaterExport>>(At(ReportFiles.Raters)) : [];
        History = isWhole ? JsonLines.ReadFile<IReadOnlyList<WeekHeadlines>>(At(ReportFiles.History)) : [];
        Context = isWhole ? JsonLines.ReadFile<WeekContext>(At(ReportFiles.Context)) : null;
        Previous = isWhole ? [.. JsonLines.Read<ResponseTotals>(At(ReportFiles.Previous))] : [];
        Adjudications = isWhole ? [.. JsonLines.Read<AdjudicationExport>(At(ReportFiles.Adjudications))] : [];
        var errors = guidelines.SelectMany(g => g.Codes).Where(c => !c.Code.StartsWith('G')).DistinctBy(c => c.Code).ToList();
        CodeGroups = [.. errors.Select(c => c.Group).Distinct(StringComparer.Ordinal)];
        _groups = errors.ToDictionary(c => c.Code, c => 1 << CodeGroups.IndexOf(c.Group), StringComparer.Ordinal);
        _items = ItemBrief.Read(folder);
    }

    public string Folder { get; }

    public ProjectExport Project { get; }

    public IsoWeek Week => IsoWeek.Parse(Project.Week) ?? throw new InvalidDataException($"{ReportFiles.Project}: '{Project.Week}' is not an ISO week.");

    /// <summary>The one that most judgements were made under: the words of the workbook are its.</summary>
    public Guideline Guideline { get; }

    /// <summary>The rule whose rates of harm and critical errors are the headline.</summary>
    public FindingRule Rule => FindingRules.Of(Project.Report?.FindingRule);

    public IReadOnlyList<RaterExport> Raters { get; }

    public IReadOnlyList<WeekHeadlines> History { get; }

    public WeekContext? Context { get; }

    /// <summary>The responses of the week before; empty where nothing was judged in it.</summary>
    public IReadOnlyList<ResponseTotals> Previous { get; }

    public IReadOnlyList<string> CodeGroups { get; }

    /// <summary>Verdicts on passages, and answers to each behaviour check, customer rule and rubric criterion.</summary>
    public SortedDictionary<string, List<LabelRating>> Labels { get; } = new(StringComparer.Ordinal);

    /// <summary>Decisions of adjudicators in this week. No figure of judgements takes them in: those stay as they were given.</summary>
    public IReadOnlyList<AdjudicationExport> Adjudications { get; }

    public List<WeekRow> Rows { get; } = [];

    /// <summary>Without people's reference answers, which no headline figure pools with the models'; all rows where there is nothing else.</summary>
    public IReadOnlyList<WeekRow> ModelRows => field ??= Rows.Exists(r => !IsReference(r.Response.Model)) ? [.. Rows.Where(r => !IsReference(r.Response.Model))] : Rows;

    public bool IsReference(string model) => ReportSettings.IsReference(Project.Report, model);

    public SortedDictionary<string, CodeTally> Codes { get; } = new(StringComparer.Ordinal);

    public VerdictTally Verdicts { get; } = new();

    public SortedDictionary<string, VerdictTally> VerdictsByType { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, VerdictTally> VerdictsByModel { get; } = new(StringComparer.Ordinal);

    public List<RefutedClaim> Refuted { get; } = [];

    public List<CriticalFinding> Critical { get; } = [];

    /// <summary>By two models, in the order of their names.</summary>
    public SortedDictionary<string, PairTally> Pairs { get; } = new(StringComparer.Ordinal);

    /// <summary>Judgements that state a preference.</summary>
    public int Preferences { get; private set; }

    /// <summary>Of those, the ones that found none of the responses good enough.</summary>
    public int AllBad { get; private set; }

    /// <summary>Judgements per harm extent × likelihood.</summary>
    public int[,] HarmMatrix { get; } = new int[Vocabulary.HarmExtents.Count, Vocabulary.HarmLikelihoods.Count + 1];

    public SortedDictionary<string, int> Mechanisms { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, AnswerTally> Behaviour { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, AnswerTally> Rules { get; } = new(StringComparer.Ordinal);

    public List<RubricScore> RubricScores { get; } = [];

    public SortedDictionary<string, RaterTally> RaterTallies { get; } = new(StringComparer.Ordinal);

    public int Judgements { get; private set; }

    public int Simulated { get; private set; }

    public int Flagged { get; private set; }

    public int Prompts => _prompts.Count;

    public int Tasks => _tasks.Count;

    public int SpanCount { get; private set; }

    /// <param name="folder">Where the export files are.</param>
    /// <param name="isWhole">False for an earlier week, of which only the judgements are there.</param>
    public static WeekData Read(string folder, bool isWhole = true)
    {
        var data = new WeekData(folder, isWhole);
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
        var guideline = GuidelineOf(annotation);
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
            Count(row, r => r.Penalty += severity < 0 ? 0 : guideline.Severities.FirstOrDefault(s => s.Key == span.Severity)?.Weight ?? 0);
            if (span.Severity == "critical")
            {
                Count(row, r => r.CriticalErrors++);
                Critical.Add(new CriticalFinding(annotation, unit, $"{span.Code} {span.Kind}", span.Quote ?? span.MissingText, span.Comment ?? span.Suggestion));
            }
        }
    }

    private void AddClaims(AnnotationExport annotation, ItemBrief item, WeekRow[] rows)
    {
        var (number, verdicts) = (0, GuidelineOf(annotation).Verdicts);
        foreach (var claim in annotation.Judgement.Claims)
        {
            number++;
            var response = item.Response(annotation.ResponseId(claim.Response));
            var unit = RatedResponse.UnitOf(annotation.TaskId, response.ResponseId);
            var row = Array.Find(rows, r => r.Rated.Unit == unit);
            var threeWay = claim.Verdict is null ? null : verdicts.FirstOrDefault(v => v.Key == claim.Verdict)?.ThreeWay;
            if (!IsReference(response.Model))
            {
                Verdicts.Add(item.PromptId, claim.Verdict, threeWay);
                Of(VerdictsByType, claim.Type ?? ItemBrief.NotStated, _ => new VerdictTally()).Add(item.PromptId, claim.Verdict, threeWay);
            }

            Of(VerdictsByModel, response.Model, _ => new VerdictTally()).Add(item.PromptId, claim.Verdict, threeWay);
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
        if (annotation.Judgement.Preference is not { } preference)
        {
            return;
        }

        Preferences++;
        AllBad += preference.IsAllBad ? 1 : 0;
        foreach (var (first, second, score) in preference.Pairs(annotation.Keys))
        {
            var (a, b) = (item.Response(annotation.ResponseId(first)), item.Response(annotation.ResponseId(second)));
            var vote = new Vote(item, a.Model, b.Model, score, a.Words - b.Words, preference.IsAllBad);
            vote = string.CompareOrdinal(a.Model, b.Model) > 0 ? vote.Turned() : vote;
            Of(Pairs, vote.First + "\n" + vote.Second, _ => new PairTally(vote.First, vote.Second)).Votes.Add(vote);
        }
    }

    private void AddChecks(AnnotationExport annotation, ItemBrief item)
    {
        foreach (var check in annotation.Judgement.Behaviour)
        {
            Of(Behaviour, check.Check, key => new AnswerTally(key)).Add(item.PromptId, check.Answer, annotation.TaskId, check.Comment);
            Label("Check " + check.Check, UnitOf(annotation, check.Response), annotation, item, check.Answer);
        }

        foreach (var rule in annotation.Judgement.Rules)
        {
            Of(Rules, rule.Rule, key => new AnswerTally(key)).Add(item.PromptId, rule.Answer, annotation.TaskId, rule.Comment);
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

    private Guideline GuidelineOf(AnnotationExport annotation) => _guidelines.GetValueOrDefault(annotation.Guideline, Guideline);

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
