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
        "rate 2% (critical)", "rate 10% (harm)", "rate 57% (win rate)", "rate 85% (precision)", "win rate with ties", "one vote a prompt", "index", "mean score", "rubric score",
        "difference, other prompts", "difference, same prompts", "difference of rates", "difference of penalties", "like for like", "change of α", "change of a benchmark",
        "α ordinal", "α nominal", "AC2", "AC1", "identical", "ICC(1,1)", "ICC(1,k)", "Bradley–Terry", "bias of a rater",
    ];

    /// <summary>What takes long to resample: studied half as often.</summary>
    public static readonly string[] Slow = ["AC1", "identical", "ICC(1,1)", "ICC(1,k)", "Bradley–Terry", "bias of a rater"];

    private static readonly string[] OfLikePeriods = ["difference, other prompts", "like for like", "change of α"];

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
            return RateOf(figure);
        }

        if (OfLikePeriods.Contains(figure))
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
            return ClusteredRate.Compute(figure, Votes(number, RateOf(figure)));
        }

        var rows = Rows(number, 0);
        return figure switch
        {
            "index" => GroupMeans.Of(rows, resampling).Index,
            "mean score" => GroupMeans.Of(rows, resampling).Means[0],
            "win rate with ties" => ClusteredRate.Compute(figure, [.. Preferences(rows).Select(v => new ClusterTotals(v.Prompt, [(1 + v.Result) / 2.0], [1]))]),
            "one vote a prompt" => ClusteredRate.Compute(figure, [.. rows.Where((_, i) => i % 4 == 0).Select(r => new ClusterTotals(r.Prompt, [r.Scores[0] > 3 ? 1 : 0], [1]))]),
            "rubric score" => ClusterMean.Compute([.. rows.Select(r => Math.Min(1, (r.Scores[0] - 1) / 3.0))], [.. rows.Select(r => r.Prompt)], resampling),
            "difference, other prompts" => Difference(Parts(rows, "a"), Parts(Rows(number, 1), "b")),
            "difference, same prompts" => Difference(Parts([.. rows.Where((_, i) => i % 4 < 2)], ""), Parts([.. rows.Where((_, i) => i % 4 > 1)], "")),
            "difference of rates" => RatioContrast.Compute(figure, [new(1, Harmful(rows, 0)), new(-1, Harmful(rows, 1))], isRate: true),
            "difference of penalties" => RatioContrast.Compute(figure, [new(1, Penalties(rows, 0)), new(-1, Penalties(rows, 1))]),
            "like for like" => WeekChanges.LikeForLike(Accuracy, Totals(rows, "a"), Totals(Rows(number, 1), "b")),
            "change of α" => Change(
                KrippendorffAlpha.Compute(Matrix(rows), MeasurementLevel.Ordinal, resampling),
                KrippendorffAlpha.Compute(Matrix(Rows(number, 1)), MeasurementLevel.Ordinal, resampling with { Seed = resampling.Seed + 1 })),
            "change of a benchmark" => ClusterMean.Compute(
                [.. rows.Chunk(4).Select(p => (p[0].Scores[0] + p[1].Scores[0] - p[2].Scores[0] - p[3].Scores[0]) / 8.0)], null, resampling),
            "bias of a rater" => RaterQuality.SignedBias([.. rows.Chunk(2).Select(r => ((double)r[0].Scores[0], (double)r[1].Scores[0]))], [.. rows.Chunk(2).Select(r => r[0].Prompt)], resampling),
            "α nominal" => KrippendorffAlpha.Compute(Names(rows), MeasurementLevel.Nominal, resampling),
            "AC1" => GwetAgreement.Ac(Names(rows).Counts, AgreementWeights.Of(WeightSet.Unweighted, Names(rows).Scale), resampling: resampling with { Interval = BootstrapInterval.FisherT }),
            "α ordinal" => KrippendorffAlpha.Compute(Matrix(rows), MeasurementLevel.Ordinal, resampling),
            "AC2" => GwetAgreement.Ac(Matrix(rows).Counts, AgreementWeights.Of(WeightSet.Quadratic, OneToFive, byRank: true), resampling: resampling with { Interval = BootstrapInterval.FisherT }),
            "identical" => PercentAgreement.Compute(Matrix(rows), 0, resampling),
            "ICC(1,1)" => ClusteredIcc.Compute(Matrix(rows), IccForm.OneSingle, resampling),
            "ICC(1,k)" => ClusteredIcc.Compute(Matrix(rows), IccForm.OneMean, resampling),
            _ => Ability(rows),
        };
    }

    /// <summary>The second model against the first, from each rater's scores.</summary>
    private static Estimate Ability(RatedResponse[] rows)
    {
        var votes = Preferences(rows);
        var fit = BradleyTerry.Compute(
            votes.Select(v => new PairResult("a", "b", v.Result > 0 ? 1 : 0, v.Result < 0 ? 1 : 0, v.Result == 0 ? 1 : 0)), ties: TieModel.Davidson, clusters: [.. votes.Select(v => v.Prompt)]);
        return fit.Items.FirstOrDefault(i => i.Item == "b") is { } b
            ? HealthEval.Agreement.Statistics.Estimate.Of("ability", b.LogAbility, default) with { Interval = b.Limits }
            : fit.Summary;
    }

    /// <summary>Each rater's view of the two responses: 1, 0 or −1 for the first.</summary>
    private static (string Prompt, int Result)[] Preferences(RatedResponse[] rows) =>
        [.. rows.Chunk(4).SelectMany(p => new[] { (p[0], p[2]), (p[1], p[3]) }).Select(pair => (pair.Item1.Prompt, Math.Sign(pair.Item1.Scores[0] - pair.Item2.Scores[0])))];

    /// <summary>Whether any rater gave 2 or less.</summary>
    private static ClusterTotals[] Harmful(RatedResponse[] rows, int response) =>
        [.. rows.Chunk(4).Select(p => new ClusterTotals(p[0].Prompt, [p[2 * response].Scores[0] < 3 || p[(2 * response) + 1].Scores[0] < 3 ? 1 : 0], [1]))];

    /// <summary>Weights of errors as skewed as they are: 1 for a score of 3, 5 for 2, 25 for 1; in 120 to 200 words.</summary>
    private static ClusterTotals[] Penalties(RatedResponse[] rows, int response) => [.. rows.Chunk(4).Select((p, i) => new ClusterTotals(
        p[0].Prompt, [100.0 * new[] { p[2 * response], p[(2 * response) + 1] }.Sum(r => r.Scores[0] switch { 1 => 25, 2 => 5, 3 => 1, _ => 0 })], [2 * (120 + (i * 37 % 80))]))];

    private static Headline Accuracy { get; } = Headline.Of("mean_accuracy", "Accuracy", "score", higherIsBetter: true, "responses", HealthEval.Agreement.Statistics.Estimate.None("mean", "not needed"));

    /// <summary>Two models in two strata of one third and two thirds.</summary>
    private static ResponseTotals[] Totals(RatedResponse[] rows, string period) => [.. rows.Chunk(2).Select((r, i) => new ResponseTotals(
        period + r[0].Unit, period + r[0].Prompt, $"m{i % 2}", 2, [.. r[0].Scores.Zip(r[1].Scores, (a, b) => a + b)], [2, 2, 2, 2, 2, 2], 0, 2, 0, 0, 0, null, Risk: i / 2 % 3 == 0 ? "elevated" : "routine"))];

    private static Estimate Change(Estimate now, Estimate before) => Differences.OfEstimates(now.Value!.Value, now.StandardError, before.Value!.Value, before.StandardError, default);

    private static double RateOf(string figure) => int.Parse(figure.AsSpan(5, 2).TrimEnd('%')) / 100.0;

    private static Estimate Difference(ClusterTotals[] a, ClusterTotals[] b) => RatioContrast.Compute("difference", [new(1, a), new(-1, b)]);

    private static ClusterTotals[] Parts(RatedResponse[] rows, string period) => [.. rows.Select(r => new ClusterTotals(period + r.Prompt, [r.Scores[0]], [1]))];

    private static RatingMatrix Names(RatedResponse[] rows) => RatingMatrix.FromLabels(rows.Select(r => new LabelRating(r.Unit, r.Rater, r.Scores[0] > 3 ? "yes" : "no", r.Prompt)));

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
