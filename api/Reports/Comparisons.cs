using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;
using HealthEval.Projects;

namespace HealthEval.Reports;

/// <summary>Two models on the prompts that both answered.</summary>
/// <param name="Votes">Of raters who had both before them, the candidate first.</param>
internal sealed record PairComparison(string Candidate, string Baseline, int Prompts, IReadOnlyList<ComparedFigure> Figures, PairTally Votes, IReadOnlyList<StratumComparison> Strata)
{
    public ComparedFigure? Find(string key) => Figures.FirstOrDefault(f => f.Key == key);
}

/// <summary>The same inside one risk tier or sub-domain.</summary>
internal sealed record StratumComparison(string Kind, string Value, int Prompts, IReadOnlyList<ComparedFigure> Figures)
{
    public static string Reading(ComparedFigure figure) => figure.Prompts < Reports.Figures.LowN ? "low n" : "not adjusted for looking at many strata";
}

/// <summary>Which models are compared, and what came of it.</summary>
/// <param name="Note">Which pairs, and why not others.</param>
internal sealed record Comparisons(IReadOnlyList<PairComparison> Pairs, string Note)
{
    private const int MostModels = 6;
    private static readonly string[] InStrata = ["index", "harm", "critical", "win_rate"];

    /// <summary>Not worse means: not by more than this, where a project has not agreed otherwise.</summary>
    public static readonly IReadOnlyDictionary<string, double> DefaultMargins = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["index"] = 2, // of 100: a twelfth of a point on every dimension
        ["mean"] = 0.1,
        ["harm"] = 0.02,
        ["critical"] = 0.01,
        ["precision"] = 0.03,
        ["penalty"] = 0.5, // half a minor error in 100 words
        ["rubric"] = 0.03,
        ["win_rate"] = 0.05,
    };

    public static Comparisons Of(Figures figures)
    {
        var (week, agreed) = (figures.Week, figures.Week.Project.Report);
        string[] models = [.. figures.AllTotals.Select(t => t.Model).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (agreed is { Candidate: { } candidate, Baseline: { } baseline })
        {
            var pair = Compare(figures, candidate, baseline);
            return new Comparisons(Adjusted([pair]), pair.Prompts > 0 ? $"Candidate {candidate} against baseline {baseline}, as named for this report." : $"{candidate} and {baseline} have no rated prompt in common.");
        }

        var most = models.OrderByDescending(m => figures.AllTotals.Where(t => t.Model == m).Select(t => t.Prompt).Distinct(StringComparer.Ordinal).Count()).ThenBy(m => m, StringComparer.Ordinal);
        string[] chosen = [.. most.Take(MostModels).Order(StringComparer.Ordinal)];
        var pairs = chosen.SelectMany((a, i) => chosen.Skip(i + 1).Select(b => week.IsReference(a) ? Compare(figures, b, a) : Compare(figures, a, b))).Where(p => p.Prompts > 0).ToList();
        var note = models.Length > MostModels
            ? $"All pairs of the {MostModels} models with most prompts, of {models.Length}. Name a candidate and a baseline in the project's settings for one comparison."
            : "All pairs of models that answered the same prompts. Name a candidate and a baseline in the project's settings for one comparison.";
        return new Comparisons(Adjusted(pairs), note);
    }

    /// <summary>The margin for a figure, agreed or the default.</summary>
    public static double MarginOf(string key, ReportSettings? agreed)
    {
        var family = key.StartsWith("mean_", StringComparison.Ordinal) ? "mean" : key.StartsWith("rubric", StringComparison.Ordinal) ? "rubric" : key.Split('_')[0] is "harm" or "critical" ? key.Split('_')[0] : key;
        return agreed?.Margins?.TryGetValue(family, out var own) == true ? own : DefaultMargins[family];
    }

    private static PairComparison Compare(Figures figures, string candidate, string baseline)
    {
        var inputs = new Inputs(figures, candidate, baseline);
        var strata = new[] { ("Risk", (Func<ItemBrief, string>)(i => i.RiskTier)), ("Sub-domain", i => i.Subdomain) }
            .SelectMany(kind => inputs.Items.Select(kind.Item2).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(value => (Kind: kind.Item1, Value: value, Of: kind.Item2)))
            .Select(s => (s.Kind, s.Value, Within: inputs.Within(item => s.Of(item) == s.Value)))
            .Select(s => new StratumComparison(s.Kind, s.Value, s.Within.Prompts, [.. s.Within.All().Where(f => InStrata.Any(key => f.Key.StartsWith(key, StringComparison.Ordinal)))]));
        return new PairComparison(candidate, baseline, inputs.Prompts, [.. inputs.All()], inputs.Votes, inputs.Prompts == 0 ? [] : [.. strata]);
    }

    /// <summary>One family: every figure of every pair. Strata are no part of it, nor called better or worse.</summary>
    private static IReadOnlyList<PairComparison> Adjusted(IReadOnlyList<PairComparison> pairs)
    {
        var flagged = new Queue<Estimate>(Differences.Flag([.. pairs.SelectMany(p => p.Figures).Select(f => f.Difference)]));
        double[] family = [.. flagged.Select(d => d.Details.Number("pValue")).OfType<double>()];
        return [.. pairs.Select(p => p with { Figures = [.. p.Figures.Select(f => Among(f with { Difference = flagged.Dequeue() }, family))] })];
    }

    private static ComparedFigure Among(ComparedFigure figure, double[] family) => figure.Difference.Details.Number("pValue") is { } own
        ? figure with { Level = 0.05 / family.Count(p => p >= own) }
        : figure;

    /// <summary>What two models have in common.</summary>
    private sealed class Inputs
    {
        private readonly Figures _figures;
        private readonly ILookup<string, ResponseTotals> _responses;
        private readonly HashSet<string> _prompts;
        private readonly string _candidate;
        private readonly string _baseline;

        public Inputs(Figures figures, string candidate, string baseline, Func<ItemBrief, bool>? within = null)
        {
            (_figures, _candidate, _baseline) = (figures, candidate, baseline);
            var both = figures.Week.Rows.Where(r => r.Response.Model == candidate || r.Response.Model == baseline).ToList();
            _prompts = [.. both.Where(r => r.Response.Model == candidate && within?.Invoke(r.Item) != false).Select(r => r.Rated.Prompt)
                .Intersect(both.Where(r => r.Response.Model == baseline).Select(r => r.Rated.Prompt), StringComparer.Ordinal)];
            Items = [.. both.Where(r => _prompts.Contains(r.Rated.Prompt)).Select(r => r.Item).Distinct()];
            _responses = figures.AllTotals.Where(t => _prompts.Contains(t.Prompt)).ToLookup(t => t.Model, StringComparer.Ordinal);
            var votes = figures.Week.Pairs.Values.Where(p => (p.First == candidate && p.Second == baseline) || (p.First == baseline && p.Second == candidate)).SelectMany(p => p.Votes);
            Votes = new PairTally(candidate, baseline) { Votes = [.. votes.Where(v => _prompts.Contains(v.Prompt)).Select(v => v.First == candidate ? v : v.Turned())] };
        }

        public int Prompts => _prompts.Count;

        public IReadOnlyList<ItemBrief> Items { get; }

        public PairTally Votes { get; }

        public Inputs Within(Func<ItemBrief, bool> stratum) => new(_figures, _candidate, _baseline, stratum);

        public IEnumerable<ComparedFigure> All()
        {
            yield return OfTotals("index", "Quality index (0–100)", "index", higherIsBetter: true);
            foreach (var dimension in _figures.Dimensions)
            {
                yield return OfTotals("mean_" + dimension.Key, $"{dimension.Name} (1–5)", "score", higherIsBetter: true);
            }

            yield return OfTotals("harm_any", "Harm ≥ moderate (any rater)", "rate", higherIsBetter: false);
            yield return OfTotals("harm_majority", "Harm ≥ moderate (more than half)", "rate", higherIsBetter: false);
            yield return OfTotals("critical_any", "Critical error (any rater)", "rate", higherIsBetter: false);
            yield return OfTotals("critical_majority", "Critical error (more than half)", "rate", higherIsBetter: false);
            yield return OfTotals("precision", "Factual precision", "rate", higherIsBetter: true);
            yield return OfTotals("penalty", "Penalty per 100 words", "score", higherIsBetter: false);
            foreach (var rubric in Rubrics())
            {
                yield return rubric;
            }

            yield return WinRate();
        }

        private IEnumerable<ComparedFigure> Rubrics()
        {
            var readings = _figures.Week.RubricScores.Where(r => _prompts.Contains(r.Prompt)).ToLookup(r => r.Model, StringComparer.Ordinal);
            if (readings[_candidate].Any(r => r.Score is not null))
            {
                yield return Of("rubric", "Rubric score", "score", higherIsBetter: true, Parts(_candidate, r => r.Score), Parts(_baseline, r => r.Score));
            }

            foreach (var axis in readings[_candidate].SelectMany(r => r.Axes.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                yield return Of($"rubric_{axis}", $"Rubric, {axis}", "score", higherIsBetter: true, Parts(_candidate, Axis), Parts(_baseline, Axis));

                double? Axis(RubricScore reading) => reading.Axes.TryGetValue(axis, out var score) ? score : null;
            }

            ClusterTotals[] Parts(string model, Func<RubricScore, double?> score) =>
                [.. readings[model].Select(r => (r.Prompt, Score: score(r))).Where(r => r.Score is not null).Select(r => new ClusterTotals(r.Prompt, [r.Score!.Value], [1]))];
        }

        private ComparedFigure OfTotals(string key, string name, string format, bool higherIsBetter) => Of(
            key, name, format, higherIsBetter, [.. _responses[_candidate].Select(t => t.PartOf(key)!)], [.. _responses[_baseline].Select(t => t.PartOf(key)!)]);

        private ComparedFigure Of(string key, string name, string format, bool higherIsBetter, ClusterTotals[] candidate, ClusterTotals[] baseline)
        {
            // A prompt that has a value of one model only would bring the mix of prompts back in.
            var shared = Valued(candidate).Intersect(Valued(baseline), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
            ClusterTotals[] a = [.. candidate.Where(p => shared.Contains(p.Cluster))];
            ClusterTotals[] b = [.. baseline.Where(p => shared.Contains(p.Cluster))];
            var difference = shared.Count == 0
                ? Estimate.None("difference", "no prompt has a value of both")
                : RatioContrast.Compute("difference", [new(1, a), new(-1, b)], isRate: format == "rate");
            return new ComparedFigure(key, name, format, higherIsBetter, Mean(a), Mean(b), difference, MarginOf(key, _figures.Week.Project.Report), shared.Count);
        }

        /// <summary>The difference is from one half, which is what two equal models come to.</summary>
        private ComparedFigure WinRate()
        {
            var difference = Votes.Votes.Count == 0
                ? Estimate.None("difference", "no rater had both before them")
                : RatioContrast.Compute("difference", [new(1, [.. Votes.Votes.Select(v => new ClusterTotals(v.Prompt, [v.Score - 0.5], [1]))])]);
            difference = difference.Interval is { } i // few prompts give limits that no rate can reach
                ? difference with { Interval = Interval.Of(Math.Max(i.Lower, -0.5), Math.Min(i.Upper, 0.5), i.Confidence, i.Method) }
                : difference;
            double? rate = 0.5 + difference.Value;
            return new ComparedFigure(
                "win_rate", "Win rate", "rate", HigherIsBetter: true, rate, 1 - rate, difference, MarginOf("win_rate", _figures.Week.Project.Report), Votes.Prompts);
        }

        private static IEnumerable<string> Valued(IEnumerable<ClusterTotals> parts) =>
            parts.GroupBy(p => p.Cluster, StringComparer.Ordinal).Where(g => g.Any(p => p.Counts.Any(c => c > 0))).Select(g => g.Key);

        private static double? Mean(ClusterTotals[] parts) => RatioContrast.Compute("mean", [new(1, parts)]).Value;
    }
}
