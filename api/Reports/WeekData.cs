using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.Projects;

namespace HealthEval.Reports;

/// <summary>A week read back from its export files: counts and compact rows, no texts beyond a few examples.</summary>
internal sealed partial class WeekData
{
    private static readonly Comparer<(string Model, string Key)> ByModel =
        Comparer<(string Model, string Key)>.Create((x, y) => string.CompareOrdinal(x.Model, y.Model) is not 0 and var first ? first : string.CompareOrdinal(x.Key, y.Key));

    private readonly Dictionary<string, ItemBrief> _items;
    private readonly Dictionary<GuidelineReference, Guideline> _guidelines;
    private readonly Dictionary<string, int> _groups;
    private readonly bool _isAllReference;
    private readonly HashSet<string> _prompts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tasks = new(StringComparer.Ordinal);

    private WeekData(string folder, bool isWhole)
    {
        Folder = folder;
        Project = JsonLines.ReadFile<ProjectExport>(At(ReportFiles.Project));
        var guidelines = JsonLines.ReadFile<IReadOnlyList<Guideline>>(At(ReportFiles.Guidelines));
        (MainGuideline, Guideline) = (guidelines[0], Together(guidelines));
        _guidelines = guidelines.ToDictionary(g => new GuidelineReference(g.Id, g.Version));
        Raters = isWhole ? JsonLines.ReadFile<IReadOnlyList<RaterExport>>(At(ReportFiles.Raters)) : [];
        History = isWhole ? JsonLines.ReadFile<IReadOnlyList<WeekHeadlines>>(At(ReportFiles.History)) : [];
        Cumulative = isWhole && File.Exists(At(ReportFiles.Cumulative))
            && JsonLines.ReadFile<IReadOnlyList<WeekHeadlines>>(At(ReportFiles.Cumulative)) is [var all, ..] ? all : null;
        Context = isWhole ? JsonLines.ReadFile<WeekContext>(At(ReportFiles.Context)) : null;
        Previous = isWhole ? [.. JsonLines.Read<ResponseTotals>(At(ReportFiles.Previous))] : [];
        Adjudications = isWhole ? [.. JsonLines.Read<AdjudicationExport>(At(ReportFiles.Adjudications))] : [];
        var errors = guidelines.SelectMany(g => g.Codes).Where(c => !c.Code.StartsWith('G')).DistinctBy(c => c.Code).ToList();
        CodeGroups = [.. errors.Select(c => c.Group).Distinct(StringComparer.Ordinal)];
        _groups = errors.ToDictionary(c => c.Code, c => 1 << CodeGroups.IndexOf(c.Group), StringComparer.Ordinal);
        _items = ItemBrief.Read(folder);
        _isAllReference = _items.Values.All(item => item.Responses.All(response => IsReference(response.Model)));
    }

    public string Folder { get; }

    public ProjectExport Project { get; }

    public Coverage Week => Project.Scope is { } scope ? Coverage.Of(scope) : Iso;

    /// <summary>The week whose figures a change is measured from; none before a campaign.</summary>
    public string? WeekBefore => Project.Scope is null ? Iso.Add(-1).ToString() : null;

    private IsoWeek Iso => IsoWeek.Parse(Project.Week) ?? throw new InvalidDataException($"{ReportFiles.Project}: '{Project.Week}' is not an ISO week.");

    /// <summary>The one that most judgements were made under.</summary>
    public Guideline MainGuideline { get; }

    /// <summary>The same with what only the other guidelines of these judgements have: codes, verdicts, types, checks and rules are never without a name or a column.</summary>
    public Guideline Guideline { get; }

    /// <summary>The rule whose rates of harm and critical errors are the headline.</summary>
    public FindingRule Rule => FindingRules.Of(Project.Report?.FindingRule);

    public IReadOnlyList<RaterExport> Raters { get; }

    public IReadOnlyList<WeekHeadlines> History { get; }

    /// <summary>All weeks up to this one together; null where there is no other.</summary>
    public WeekHeadlines? Cumulative { get; }

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

    /// <summary>Whether answers under this name are in what is said of all models together.</summary>
    public bool Pools(string model) => _isAllReference || !IsReference(model);

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

    /// <summary>Judgements per harm extent × likelihood, of what models wrote.</summary>
    public int[,] HarmMatrix { get; } = new int[Vocabulary.HarmExtents.Count, Vocabulary.HarmLikelihoods.Count + 1];

    /// <summary>The same model by model, and of people's answers.</summary>
    public SortedDictionary<string, int[,]> HarmByModel { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers to checks and rules by model and key.</summary>
    public SortedDictionary<(string Model, string Key), AnswerTally> AnswersByModel { get; } = new(ByModel);

    public SortedDictionary<string, int> Mechanisms { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, AnswerTally> Behaviour { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, AnswerTally> Rules { get; } = new(StringComparer.Ordinal);

    public List<RubricScore> RubricScores { get; } = [];

    public SortedDictionary<string, RaterTally> RaterTallies { get; } = new(StringComparer.Ordinal);

    public int Judgements { get; private set; }

    /// <summary>The mode whose judgements the figures are of: full where there is one, else the one that most judgements have.</summary>
    public string Mode { get; private init; } = Vocabulary.FullMode;

    /// <summary>Judgements of other modes: in the row sheets, in no figure.</summary>
    public SortedDictionary<string, int> Apart { get; } = new(StringComparer.Ordinal);

    public int Simulated { get; private set; }

    public int Flagged { get; private set; }

    public int Prompts => _prompts.Count;

    public int Tasks => _tasks.Count;

    public int SpanCount { get; private set; }

    /// <param name="folder">Where the export files are.</param>
    public static WeekData Read(string folder) => Read(folder, isWhole: true, ModeOf(folder));

    /// <summary>Another week, of which only the judgements are there, for a report whose figures are of one mode.</summary>
    public static WeekData ReadEarlier(string folder, string mode) => Read(folder, isWhole: false, mode);

    /// <summary>Full where a judgement of the folder is, else the mode that most of them have.</summary>
    public static string ModeOf(string folder)
    {
        var modes = JsonLines.Read<ModedJudgement>(Path.Combine(folder, ReportFiles.Annotations)).CountBy(annotation => annotation.Judgement.Mode ?? Vocabulary.FullMode)
            .OrderByDescending(mode => mode.Value).ThenBy(mode => mode.Key, StringComparer.Ordinal).Select(mode => mode.Key).ToList();
        return modes.Count == 0 || modes.Contains(Vocabulary.FullMode) ? Vocabulary.FullMode : modes[0];
    }

    private static Guideline Together(IReadOnlyList<Guideline> all) => all[0] with
    {
        ClaimTypes = [.. all.SelectMany(g => g.ClaimTypes).DistinctBy(t => t.Key)],
        Verdicts = [.. all.SelectMany(g => g.Verdicts).DistinctBy(v => v.Key)],
        Codes = [.. all.SelectMany(g => g.Codes).DistinctBy(c => c.Code)],
        Behaviour = [.. all.SelectMany(g => g.Behaviour).DistinctBy(b => b.Key)],
        Rules = [.. all.SelectMany(g => g.Rules).DistinctBy(r => r.Id)],
    };

    private static WeekData Read(string folder, bool isWhole, string mode)
    {
        var data = new WeekData(folder, isWhole) { Mode = mode };
        data.AddAll();
        return data;
    }

    public string At(string file) => Path.Combine(Folder, file);

    public IEnumerable<AnnotationExport> Annotations() => JsonLines.Read<AnnotationExport>(At(ReportFiles.Annotations));

    public ItemBrief Item(string taskId) => ItemBrief.Of(_items, taskId);
}
