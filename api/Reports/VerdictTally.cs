using HealthEval.Agreement.Statistics;

namespace HealthEval.Reports;

/// <summary>Claims by verdict. Strict precision = SUP ÷ (SUP + SUP* + REF); claims without a decision are shown apart.</summary>
internal sealed class VerdictTally
{
    private readonly Dictionary<string, (int Supported, int Partly, int Decided)> _prompts = new(StringComparer.Ordinal);

    public SortedDictionary<string, int> ByVerdict { get; } = new(StringComparer.Ordinal);

    public int Unchecked { get; private set; }

    public int Supported => _prompts.Values.Sum(p => p.Supported);

    public int Partly => _prompts.Values.Sum(p => p.Partly);

    public int Refuted => Decided - Supported - Partly;

    public int Undecided { get; private set; }

    public int Decided => _prompts.Values.Sum(p => p.Decided);

    public int Total => ByVerdict.Values.Sum() + Unchecked;

    /// <summary>Supported ÷ decided; claims about answers to one prompt are not independent, so the interval is by prompt.</summary>
    public Estimate Strict => Precision("factual precision", p => p.Supported);

    /// <summary>The same with half credit where only a qualifier is missing.</summary>
    public Estimate Lenient => Precision("factual precision, lenient", p => p.Supported + (p.Partly / 2.0));

    public void Add(string prompt, string? verdict, string? threeWay)
    {
        if (verdict is null)
        {
            Unchecked++;
            return;
        }

        ByVerdict[verdict] = ByVerdict.GetValueOrDefault(verdict) + 1;
        Undecided += threeWay == "NEI" ? 1 : 0;
        if (threeWay is "SUP" or "SUP*" or "REF")
        {
            var (supported, partly, decided) = _prompts.GetValueOrDefault(prompt);
            _prompts[prompt] = (supported + (threeWay == "SUP" ? 1 : 0), partly + (threeWay == "SUP*" ? 1 : 0), decided + 1);
        }
    }

    private Estimate Precision(string name, Func<(int Supported, int Partly, int Decided), double> credit) => Decided == 0
        ? Estimate.None(name, "no claim was checked and decided")
        : ClusteredRate.Compute(name, [.. _prompts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new ClusterTotals(p.Key, [credit(p.Value)], [p.Value.Decided]))]);
}
