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

    public int Responses => _units.Count;

    public string? Example { get; private set; }

    public string? ExampleTask { get; private set; }

    public void Add(string unit, string task, int severity, string? example)
    {
        _units.Add(unit);
        BySeverity[severity < 0 ? 3 : severity]++;
        if (severity > _exampleRank && !string.IsNullOrWhiteSpace(example))
        {
            (_exampleRank, Example, ExampleTask) = (severity, example, task);
        }
    }
}

/// <summary>Claims by verdict. Strict precision = SUP ÷ (SUP + SUP* + REF); claims without a decision are shown apart.</summary>
internal sealed class VerdictTally
{
    public SortedDictionary<string, int> ByVerdict { get; } = new(StringComparer.Ordinal);

    public int Unchecked { get; private set; }

    public int Supported { get; private set; }

    public int Partly { get; private set; }

    public int Refuted { get; private set; }

    public int Undecided { get; private set; }

    public int Decided => Supported + Partly + Refuted;

    public int Total => ByVerdict.Values.Sum() + Unchecked;

    public void Add(string? verdict, string? threeWay)
    {
        if (verdict is null)
        {
            Unchecked++;
            return;
        }

        ByVerdict[verdict] = ByVerdict.GetValueOrDefault(verdict) + 1;
        Supported += threeWay == "SUP" ? 1 : 0;
        Partly += threeWay == "SUP*" ? 1 : 0;
        Refuted += threeWay == "REF" ? 1 : 0;
        Undecided += threeWay == "NEI" ? 1 : 0;
    }
}

/// <summary>Comparisons of two models' answers to the same prompt.</summary>
internal sealed class PairTally(string first, string second)
{
    public string First { get; } = first;

    public string Second { get; } = second;

    public int Wins { get; set; }

    public int Losses { get; set; }

    public int Ties { get; set; }

    public int BothBad { get; set; }

    public int Total => Wins + Losses + Ties + BothBad;
}
