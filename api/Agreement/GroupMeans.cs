using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using HealthEval.Agreement.Statistics;
using HealthEval.Guidelines;

namespace HealthEval.Agreement;

/// <summary>
/// The six dimension means and the index of a group of ratings, with intervals from one cluster bootstrap by prompt: each resample of the
/// group's prompts gives all seven figures at once, which is what makes a report of a large week take seconds.
/// </summary>
/// <param name="Index">0–100: the mean of the six means, each rescaled by (m − 1) ÷ 4 × 100; a dimension nobody scored is left out.</param>
/// <param name="Means">1–5, in the order of <see cref="Vocabulary.Dimensions"/>; over all ratings of the dimension.</param>
internal sealed record GroupMeans(Estimate Index, IReadOnlyList<Estimate> Means)
{
    private static readonly int Count = Vocabulary.Dimensions.Count;

    public static GroupMeans Of(IReadOnlyCollection<RatedResponse> rows, Resampling resampling)
    {
        var prompts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            prompts.TryAdd(row.Prompt, prompts.Count);
        }

        var totals = new Totals[prompts.Count];
        foreach (var row in rows)
        {
            totals[prompts[row.Prompt]] = totals[prompts[row.Prompt]].Plus(row.Scores);
        }

        var values = new double[Count + 1];
        Evaluate([.. Enumerable.Repeat(1, prompts.Count)], totals, values);
        var draws = prompts.Count < 2 ? [] : Draws(totals, resampling);
        return new GroupMeans(
            Describe("index", values[Count], RatingMatrices.SizeOf(rows), draws, Count, totals.Count(t => t.Has(Enumerable.Range(0, Count))), resampling),
            [.. Vocabulary.Dimensions.Select((name, d) => Describe("mean " + name, values[d], RatingMatrices.SizeOf([.. rows.Where(r => r.Scores[d] > 0)]), draws, d, totals.Count(t => t.Has([d])), resampling))]);
    }

    private static double[][] Draws(Totals[] totals, Resampling resampling)
    {
        var draws = new double[resampling.Draws][];
        Parallel.For(0, resampling.Draws, new ParallelOptions { MaxDegreeOfParallelism = resampling.Threads ?? -1 }, () => new int[totals.Length], (draw, _, times) =>
        {
            Bootstrap.Multiplicities(times, new CounterRandom(resampling.Seed, (ulong)draw));
            Evaluate(times, totals, draws[draw] = new double[Count + 1]);
            return times;
        }, _ => { });
        return draws;
    }

    /// <summary>Whole numbers are summed, so the order of prompts cannot change a bit of the result.</summary>
    private static void Evaluate(ReadOnlySpan<int> times, ReadOnlySpan<Totals> totals, double[] values)
    {
        var (sum, size) = (Vector256<int>.Zero, Vector256<int>.Zero); // enough for 400 million ratings
        for (var p = 0; p < times.Length; p++)
        {
            sum += totals[p].Sums * times[p];
            size += totals[p].Sizes * times[p];
        }

        var (index, dimensions) = (0.0, 0);
        for (var d = 0; d < Count; d++)
        {
            values[d] = size[d] == 0 ? double.NaN : (double)sum[d] / size[d];
            index += size[d] == 0 ? 0 : (values[d] - 1) / 4 * 100;
            dimensions += size[d] == 0 ? 0 : 1;
        }

        values[Count] = dimensions == 0 ? double.NaN : index / dimensions;
    }

    /// <summary>A prompt's sums of scores and numbers of ratings, a lane for each dimension.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Totals(Vector256<int> Sums, Vector256<int> Sizes)
    {
        /// <summary>A prompt without a score is no evidence, and no degree of freedom.</summary>
        public bool Has(IEnumerable<int> dimensions)
        {
            var sizes = Sizes;
            return dimensions.Any(d => sizes[d] > 0);
        }

        public Totals Plus(byte[] scores)
        {
            var (sums, sizes) = (Sums, Sizes);
            for (var d = 0; d < Count; d++)
            {
                sums = sums.WithElement(d, sums[d] + scores[d]);
                sizes = sizes.WithElement(d, sizes[d] + (scores[d] > 0 ? 1 : 0));
            }

            return new Totals(sums, sizes);
        }
    }

    private static Estimate Describe(string measure, double value, SampleSize size, double[][] draws, int figure, int prompts, Resampling resampling)
    {
        if (double.IsNaN(value))
        {
            return Estimate.None(measure, UndefinedReason.NoRatings, size);
        }

        var estimate = Estimate.Of(measure, value, size);
        double[] defined = [.. draws.Select(d => d[figure]).Where(double.IsFinite)];
        if (prompts < 2 || defined.Length < 2)
        {
            return estimate.With("interval", UndefinedReason.OneCluster);
        }

        Array.Sort(defined);
        return estimate with
        {
            Seed = resampling.Seed,
            StandardError = Bootstrap.StandardDeviation(defined),
            Interval = Bootstrap.Limits(defined, prompts, resampling),
            Details = Details.Of(("clusters", prompts), ("draws", resampling.Draws)),
        };
    }
}
