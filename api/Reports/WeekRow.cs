using HealthEval.Agreement;

namespace HealthEval.Reports;

/// <summary>One rater on one response, with the numbers of everything else that this judgement holds about it.</summary>
internal sealed record WeekRow(RatedResponse Rated, ItemBrief Item, ResponseBrief Response)
{
    /// <summary>Σ severity weights of the marked errors.</summary>
    public int Penalty { get; set; }

    /// <summary>Errors marked critical, and critical claims refuted or outdated.</summary>
    public int CriticalErrors { get; set; }

    public int Errors { get; set; }

    public int Strengths { get; set; }

    public int Claims { get; set; }

    /// <summary>Claims with a verdict that counts: supported, partly supported, refuted or outdated.</summary>
    public int Decided { get; set; }

    public int Supported { get; set; }

    /// <summary>A bit per code group in which an error was marked, in the order of <see cref="WeekData.CodeGroups"/>.</summary>
    public int Groups { get; set; }
}

/// <summary>How often one code of the taxonomy was used.</summary>
internal sealed class CodeTally(string code)
{
    private readonly HashSet<string> _units = new(StringComparer.Ordinal);
    private int _exampleRank = -1;

    public string Code { get; } = code;

    /// <summary>By place in <see cref="Guidelines.Vocabulary.Severities"/>; the last place is for spans without one.</summary>
    public int[] BySeverity { get; } = new int[4];

    public int Count => BySeverity.Sum();

    public bool Marks(string unit) => _units.Contains(unit);

    public string? Example { get; private set; }

    public string? ExampleTask { get; private set; }

    /// <summary>Σ severity weights, each of the guideline that the judgement was made under.</summary>
    public int Penalty { get; private set; }

    /// <param name="isPooled">Counted, not only known to be marked in that response: people's answers are not counted with the models'.</param>
    public void Add(string unit, string task, int severity, int weight, string? example, bool isPooled)
    {
        _units.Add(unit);
        if (!isPooled)
        {
            return;
        }

        Penalty += weight;
        BySeverity[severity < 0 ? 3 : severity]++;
        if (severity > _exampleRank && !string.IsNullOrWhiteSpace(example))
        {
            (_exampleRank, Example, ExampleTask) = (severity, example, task);
        }
    }
}
