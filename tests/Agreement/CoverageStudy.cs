using HealthEval.Agreement;
using HealthEval.Agreement.Statistics;
using HealthEval.Reports;

namespace HealthEval.Tests.Agreement;

/// <summary>Simulated weeks: prompts with responses of two models, each judged by two raters; everything of one prompt is correlated.</summary>
internal sealed class CoverageStudy(int prompts, double correlation)
{
    private static readonly Scale OneToFive = Scale.OfNumbers([1, 2, 3, 4, 5]);
    private static readonly Dictionary<string, double> Truths = [];

    public static readonly string[] Figures =
    [
        "rate 10% (harm)", "rate 57% (win rate)", "rate 85% (precision)", "index", "mean score", "rubric score", "difference, other prompts", "difference, same prompts",
        "α ordinal", "AC2", "identical", "ICC(1,1)", "Bradley–Terry",
    ];

    public static double Of(string figure, int prompts, double correlation, int studies)
    {
        var truth = Truth(figure, correlation);
        var study = new CoverageStudy(prompts, correlation);
        var (held, defined) = (0, 0);
        Parallel.For(0, studies, number =>
        {
            if (study.Estimate(figure, number, new Resampling(Draws: 400, Interval: BootstrapInterval.Expanded, Threads: 1)) is { Low: var low, High: var high })
            {
                Interlocked.Increment(ref defined);
                _ = low <= truth && truth <= high ? Interlocked.Increment(ref held) : 0;
            }
        });
        Assert.InRange(defined, 0.95 * studies, studies);
        return (double)held / defined;
    }

    /// <summary>Prompts with one to five votes each, all of one prompt alike with the given correlation.</summary>
    public ClusterTotals[] Votes(int number, double rate)
    {
        var random = new Random(HashCode(number, 1));
        return [.. Enumerable.Range(0, prompts).Select(p =>
        {
            var (common, size) = (random.NextDouble() < rate, 1 + random.Next(4));
            var won = Enumerable.Range(0, size).Count(_ => random.NextDouble() < Math.Sqrt(correlation) ? common : random.NextDouble() < rate);
            return new ClusterTotals($"p{p}", [won], [size]);
        })];
    }

    /// <summary>What no formula gives is taken from one study large enough.</summary>
    private static double Truth(string figure, double correlation)
    {
        if (figure.StartsWith("rate ", StringComparison.Ordinal))
        {
            return int.Parse(figure.AsSpan(5, 2)) / 100.0;
        }

        if (figure is "difference, other prompts")
        {
            return 0; // both periods are drawn alike
        }

        lock (Truths)
        {
            var key = $"{figure} {correlation}";
            return Truths.TryGetValue(key, out var known) ? known
                : Truths[key] = new CoverageStudy(60_000, correlation).Value(figure, -1, new Resampling(Draws: 2, Interval: BootstrapInterval.Expanded)).Value!.Value;
        }
    }

    private (double Low, double High)? Estimate(string figure, int number, Resampling resampling) =>
        Value(figure, number, resampling) is { Interval: { } interval } ? (interval.Lower, interval.Upper) : null;

    private Estimate Value(string figure, int number, Resampling resampling)
    {
        if (figure.StartsWith("rate ", StringComparison.Ordinal))
        {
            return ClusteredRate.Compute(figure, Votes(number, int.Parse(figure.AsSpan(5, 2)) / 100.0));
        }

        var rows = Rows(number, 0);
        return figure switch
        {
            "index" => GroupMeans.Of(rows, resampling).Index,
            "mean score" => GroupMeans.Of(rows, resampling).Means[0],
            "rubric score" => ClusterMean.Compute([.. rows.Select(r => Math.Min(1, (r.Scores[0] - 1) / 3.0))], [.. rows.Select(r => r.Prompt)], resampling),
            "difference, other prompts" => Difference(Parts(rows, "a"), Parts(Rows(number, 1), "b")),
            "difference, same prompts" => Difference(Parts([.. rows.Where((_, i) => i % 4 < 2)], ""), Parts([.. rows.Where((_, i) => i % 4 > 1)], "")),
            "α ordinal" => KrippendorffAlpha.Compute(Matrix(rows), MeasurementLevel.Ordinal, resampling),
            "AC2" => GwetAgreement.Ac(Matrix(rows).Counts, AgreementWeights.Of(WeightSet.Quadratic, OneToFive, byRank: true), resampling: resampling with { Interval = BootstrapInterval.FisherT }),
            "identical" => PercentAgreement.Compute(Matrix(rows), 0, resampling),
            "ICC(1,1)" => ClusteredIcc.Compute(Matrix(rows), IccForm.OneSingle, resampling),
            _ => Ability(rows),
        };
    }

    /// <summary>The second model against the first, from each rater's scores.</summary>
    private static Estimate Ability(RatedResponse[] rows)
    {
        var votes = rows.GroupBy(r => (r.Prompt, r.Rater)).Select(g => g.ToArray()).Select(g => (g[0].Prompt, Result: Math.Sign(g[0].Scores[0] - g[1].Scores[0]))).ToArray();
        var fit = BradleyTerry.Compute(
            votes.Select(v => new PairResult("a", "b", v.Result > 0 ? 1 : 0, v.Result < 0 ? 1 : 0, v.Result == 0 ? 1 : 0)), ties: TieModel.Davidson, clusters: [.. votes.Select(v => v.Prompt)]);
        return fit.Items.FirstOrDefault(i => i.Item == "b") is { } b
            ? HealthEval.Agreement.Statistics.Estimate.Of("ability", b.LogAbility, default) with { Interval = b.Limits }
            : fit.Summary;
    }

    private static Estimate Difference(ClusterTotals[] a, ClusterTotals[] b) => RatioContrast.Compute("difference", [new(1, a), new(-1, b)]);

    private static ClusterTotals[] Parts(RatedResponse[] rows, string period) => [.. rows.Select(r => new ClusterTotals(period + r.Prompt, [r.Scores[0]], [1]))];

    private static RatingMatrix Matrix(RatedResponse[] rows) => RatingMatrices.OfDimension(rows, 0);

    /// <summary>Two responses by two raters for each prompt; a score is a rounded sum of the prompt's, the response's and the rater's part.</summary>
    private RatedResponse[] Rows(int number, int period)
    {
        var random = new Random(HashCode(number, 2 + period));
        var rows = new RatedResponse[4 * prompts];
        for (var p = 0; p < prompts; p++)
        {
            var prompt = Normal() * Math.Sqrt(correlation);
            for (var response = 0; response < 2; response++)
            {
                var own = Normal() * Math.Sqrt((1 - correlation) / 2);
                for (var rater = 0; rater < 2; rater++)
                {
                    var score = (byte)Math.Clamp(Math.Round(3.4 + (0.4 * response) + (1.1 * (prompt + own + (Normal() * Math.Sqrt((1 - correlation) / 2))))), 1, 5);
                    rows[(4 * p) + (2 * response) + rater] = new RatedResponse($"t{p}/r{response}", $"p{p}", $"r{rater}", [score, score, score, score, score, score], 0);
                }
            }
        }

        return rows;

        double Normal() => Distributions.NormalQuantile((random.NextDouble() * 0.999999998) + 1e-9);
    }

    private int HashCode(int number, int what) => (number * 7919) + (what * 104_729) + (prompts * 31) + (int)(100 * correlation);
}
