using FsCheck;
using FsCheck.Fluent;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Tests.Agreement;

/// <summary>What must hold for every table: symmetries, limits, and the identities between coefficients.</summary>
public sealed class IdentityTests
{
    private const double Close = 1e-9;

#if MUTATION
    private const int TablesPerTest = 8; // thousands of mutants: a few tables each are enough to notice most
#else
    private const int TablesPerTest = 100;
#endif

    private static readonly Resampling Few = new(Draws: 20, Threads: 1);

    private static readonly MeasurementLevel[] Levels = Enum.GetValues<MeasurementLevel>();

    /// <summary>Tables of 1–8 units × 2–5 raters, values 1–5, 0 for missing.</summary>
    private static Gen<int[][]> Tables =>
        from raters in Gen.Choose(2, 5)
        from units in Gen.Choose(1, 8)
        from top in Gen.Choose(2, 5)
        from cells in Gen.Choose(0, top).ArrayOf(units * raters)
        select Enumerable.Range(0, units).Select(u => cells[(u * raters)..((u + 1) * raters)]).ToArray();

    private static Gen<int[][]> FullTables => Tables.Select(t => t.Select(r => r.Select(v => Math.Max(1, v)).ToArray()).ToArray());

    [Fact]
    public void The_order_of_raters_and_units_means_nothing() => ForAll(Tables, table =>
    {
        var (units, raters) = (table.Reverse().ToArray(), table.Select(r => r.Reverse().ToArray()).ToArray());
        foreach (var measure in All(table))
        {
            Same(measure.Of(Matrix(table)), measure.Of(Matrix(units)), measure.Name);
            Same(measure.Of(Matrix(table)), measure.Of(Matrix(raters)), measure.Name);
        }
    });

    [Fact]
    public void Another_name_for_a_nominal_category_changes_nothing() => ForAll(Tables, table =>
    {
        int[] other = [0, 4, 2, 5, 1, 3];
        var renamed = table.Select(r => r.Select(v => other[v]).ToArray()).ToArray();
        foreach (var measure in Nominal())
        {
            Same(measure.Of(Matrix(table)), measure.Of(Matrix(renamed)), measure.Name);
        }
    });

    [Fact]
    public void A_unit_that_nobody_rated_changes_nothing() => ForAll(Tables, table =>
    {
        int[][] longer = [.. table, new int[table[0].Length]];
        foreach (var measure in All(table))
        {
            Same(measure.Of(Matrix(table)), measure.Of(Matrix(longer)), measure.Name);
        }
    });

    [Fact]
    public void A_rating_that_arrives_twice_counts_once() => ForAll(Tables, table =>
    {
        var once = Ratings(table).ToArray();
        foreach (var measure in All(table))
        {
            Same(measure.Of(RatingMatrix.FromNumbers(once)), measure.Of(RatingMatrix.FromNumbers([.. once, .. once])), measure.Name);
        }
    });

    [Fact]
    public void Alpha_is_one_exactly_when_every_unit_is_unanimous() => ForAll(Tables, table =>
    {
        var pairable = table.Select(r => r.Where(v => v > 0).ToArray()).Where(r => r.Length > 1).ToArray();
        var unanimous = pairable.All(r => r.Distinct().Count() == 1);
        foreach (var level in Levels)
        {
            if (KrippendorffAlpha.Compute(Matrix(table), level).Value is { } alpha)
            {
                Assert.Equal(unanimous, alpha == 1);
                Assert.True(alpha <= 1);
            }
            else
            {
                Assert.True(pairable.SelectMany(r => r).Distinct().Count() < 2);
            }
        }
    });

    [Fact]
    public void Alpha_equals_the_definition_written_out() => ForAll(Tables, table =>
    {
        foreach (var level in Levels)
        {
            Same(KrippendorffAlpha.Compute(Matrix(table), level).Value, Definition(table, level), level.ToString());
        }
    });

    [Fact]
    public void Each_level_of_alpha_ignores_what_its_scale_does_not_know() => ForAll(Tables, table =>
    {
        double Alpha(MeasurementLevel level, Func<int, double> change) => KrippendorffAlpha.Compute(
            RatingMatrix.FromNumbers(Ratings(table).Select(r => r with { Value = change((int)r.Value) })), level).Value ?? 0;
        Assert.Equal(Alpha(MeasurementLevel.Ordinal, v => v), Alpha(MeasurementLevel.Ordinal, v => Math.Exp(v)), Close);
        Assert.Equal(Alpha(MeasurementLevel.Interval, v => v), Alpha(MeasurementLevel.Interval, v => (3 * v) - 40), Close);
        Assert.Equal(Alpha(MeasurementLevel.Ratio, v => v), Alpha(MeasurementLevel.Ratio, v => 7.5 * v), Close);
    });

    [Fact]
    public void Coefficients_agree_where_theory_says_so() => ForAll(FullTables, table =>
    {
        var matrix = Matrix(table);
        var plain = AgreementWeights.Of(WeightSet.Unweighted, matrix.Scale);
        Same(KrippendorffAlpha.Compute(matrix, MeasurementLevel.Nominal).Value, GwetAgreement.Krippendorff(matrix.Counts, plain).Value, "alpha nominal = alpha unweighted");
        Same(
            KrippendorffAlpha.Compute(matrix, MeasurementLevel.Interval).Value,
            GwetAgreement.Krippendorff(matrix.Counts, AgreementWeights.Of(WeightSet.Quadratic, matrix.Scale)).Value, "alpha interval = alpha quadratic");
        var two = Matrix(table.Select(r => r[..2]).ToArray());
        foreach (var set in new[] { WeightSet.Unweighted, WeightSet.Linear, WeightSet.Quadratic, WeightSet.Ordinal, WeightSet.Radical, WeightSet.Ratio, WeightSet.Circular, WeightSet.Bipolar })
        {
            var weights = AgreementWeights.Of(set, two.Scale);
            var pair = ContingencyTable.Of(two, "r0", "r1");
            Same(CongerKappa.Compute(two, weights).Value, TwoRaterAgreement.CohenKappa(pair, weights).Value, $"Conger = Cohen {set}");
            Same(GwetAgreement.Fleiss(two.Counts, weights).Value, TwoRaterAgreement.ScottPi(pair, weights).Value, $"Fleiss = Scott {set}");
            Same(GwetAgreement.Ac(two.Counts, weights).Value, TwoRaterAgreement.GwetAc(pair, weights).Value, $"AC {set}");
            Same(GwetAgreement.BrennanPrediger(two.Counts, weights).Value, TwoRaterAgreement.BrennanPrediger(pair, weights).Value, $"BP {set}");
            Same(GwetAgreement.Krippendorff(two.Counts, weights).Value, TwoRaterAgreement.Krippendorff(pair, weights).Value, $"alpha {set}");
            var (n, k) = (two.Units.Count, 2);
            if (GwetAgreement.Ac(two.Counts, weights).StandardError is { } sample)
            {
                Assert.Equal(sample * Math.Sqrt((n - 1.0) / n), TwoRaterAgreement.GwetAc(pair, weights).StandardError!.Value, 1e-7 * k);
            }
        }
    });

    [Fact]
    public void Nothing_is_ever_not_a_number() => ForAll(Tables, table =>
    {
        foreach (var measure in All(table))
        {
            foreach (var t in new[] { table, [], [table[0]], table.Select(r => r[..1]).ToArray(), table.Select(r => r.Select(_ => 3).ToArray()).ToArray() })
            {
                var e = measure.Full(Matrix(t));
                Assert.True(e.Value is null != e.Undefined is null, measure.Name);
                Assert.True(e.Value is null || double.IsFinite(e.Value.Value), measure.Name);
                Assert.True(e.StandardError is null || double.IsFinite(e.StandardError.Value), measure.Name);
                Assert.True(e.Interval is null || e.Interval.Lower <= e.Interval.Upper, measure.Name);
                Assert.DoesNotContain(e.Details.Pairs, p => p.Value is double d && !double.IsFinite(d));
            }
        }
    });

    [Fact]
    public void Dawid_and_Skene_never_lose_likelihood_and_do_not_depend_on_threads() => ForAll(Tables, table =>
    {
        var matrix = Matrix(table);
        var one = DawidSkene.Compute(matrix, new DawidSkeneOptions(Threads: 1, MaxIterations: 60));
        var four = DawidSkene.Compute(matrix, new DawidSkeneOptions(Threads: 4, MaxIterations: 60));
        Assert.Equal(one.Summary.Value, four.Summary.Value);
        Assert.Equal(one.Units.SelectMany(u => u.Posterior), four.Units.SelectMany(u => u.Posterior));
        if (one.Summary.IsDefined)
        {
            var trace = ((double?[])one.Summary.Details["trace"]!).Select(l => l!.Value).ToArray();
            Assert.All(trace.Zip(trace.Skip(1)), step => Assert.True(step.Second >= step.First - 1e-9));
            Assert.All(one.Units.Where(u => u.Ratings > 0), u => Assert.Equal(1, u.Posterior.Sum(), Close));
            Assert.All(one.Units, u => Assert.InRange(u.Entropy, 0, Math.Log2(Math.Max(1, matrix.Scale.Count)) + Close));
        }
    });

    [Fact]
    public void Intervals_of_proportions_hold_the_proportion() => ForAll(from n in Gen.Choose(1, 400) from x in Gen.Choose(0, n) select (x, n), t =>
    {
        var (wilson, exact) = (Proportions.Wilson(t.x, t.n).Interval!, Proportions.ClopperPearson(t.x, t.n).Interval!);
        var p = t.x / (double)t.n;
        Assert.InRange(p, wilson.Lower - Close, wilson.Upper + Close);
        Assert.InRange(p, exact.Lower - Close, exact.Upper + Close);
        Assert.True(wilson.Lower >= 0 && wilson.Upper <= 1 && exact.Lower >= 0 && exact.Upper <= 1);
        var mirrored = Proportions.Wilson(t.n - t.x, t.n).Interval!;
        Assert.Equal(1 - wilson.Upper, mirrored.Lower, Close);
    });

    [Fact]
    public void Holm_keeps_the_order_and_never_helps() => ForAll(Gen.Choose(0, 1000).ArrayOf(7), numbers =>
    {
        double[] p = [.. numbers.Select(n => n / 1000.0)];
        var adjusted = Differences.Holm(p);
        Assert.All(p.Zip(adjusted), x => Assert.InRange(x.Second, x.First, 1));
        foreach (var (a, b) in from i in Enumerable.Range(0, 7) from j in Enumerable.Range(0, 7) where p[i] <= p[j] select (i, j))
        {
            Assert.True(adjusted[a] <= adjusted[b]);
        }
    });

    private static void ForAll<T>(Gen<T> gen, Action<T> check) =>
        Prop.ForAll(gen.ToArbitrary(), check).Check(Config.QuickThrowOnFailure.WithMaxTest(TablesPerTest).WithReplay(20260101UL, 20260103UL));

    private static IEnumerable<Rating> Ratings(int[][] table) =>
        from u in Enumerable.Range(0, table.Length) from g in Enumerable.Range(0, table[u].Length) where table[u][g] > 0 select new Rating($"u{u}", $"r{g}", table[u][g]);

    private static RatingMatrix Matrix(int[][] table)
    {
        var builder = new RatingMatrixBuilder(16);
        for (var g = 0; g < (table.Length == 0 ? 0 : table[0].Length); g++)
        {
            builder.Rater($"r{g}");
        }
        var used = table.SelectMany(r => r).Where(v => v > 0).Distinct().Order().ToList();
        for (var u = 0; u < table.Length; u++)
        {
            builder.Unit($"u{u}", null);
            for (var g = 0; g < table[u].Length; g++)
            {
                if (table[u][g] > 0)
                {
                    builder.Add($"u{u}", $"r{g}", used.IndexOf(table[u][g]), null);
                }
            }
        }
        return builder.Build(Scale.OfNumbers(used.Select(v => (double)v)), Repeats.First);
    }

    private static void Same(double? a, double? b, string what)
    {
        Assert.True(a is null == b is null, what);
        Assert.True(a is null || Math.Abs(a.Value - b!.Value) <= Close, $"{what}: {a} and {b}");
    }

    private static IEnumerable<Case> Nominal()
    {
        yield return new("percent", m => PercentAgreement.Compute(m, 0, Few));
        yield return new("alpha", m => KrippendorffAlpha.Compute(m, MeasurementLevel.Nominal));
        yield return new("ac1", m => GwetAgreement.Ac(m.Counts, AgreementWeights.Of(WeightSet.Unweighted, m.Scale)));
        yield return new("bp", m => GwetAgreement.BrennanPrediger(m.Counts, AgreementWeights.Of(WeightSet.Unweighted, m.Scale)));
        yield return new("fleiss", m => FleissKappa.Compute(m.Counts));
        yield return new("conger", m => CongerKappa.Compute(m, AgreementWeights.Of(WeightSet.Unweighted, m.Scale)));
        yield return new("majority", m => Majority.Compute(m).Summary);
    }

    private static IEnumerable<Case> All(int[][] table)
    {
        foreach (var measure in Nominal())
        {
            yield return measure;
        }
        foreach (var level in Levels)
        {
            yield return new($"alpha {level}", m => KrippendorffAlpha.Compute(m, level));
        }
        foreach (var set in Enum.GetValues<WeightSet>())
        {
            yield return new($"ac {set}", m => GwetAgreement.Ac(m.Counts, AgreementWeights.Of(set, m.Scale)));
            yield return new($"conger {set}", m => CongerKappa.Compute(m, AgreementWeights.Of(set, m.Scale)));
        }
        foreach (var form in Enum.GetValues<IccForm>())
        {
            yield return new($"icc {form}", m => IntraclassCorrelation.Compute(m, form));
        }
        yield return new("weighted mean", m => ReliabilityWeightedMean.Compute(m).Summary);
        yield return new("within one", m => PercentAgreement.Compute(m, 1, Few));
        yield return new("overall ccc", LinConcordance.Overall);
        Assert.NotEmpty(table);
    }

    /// <summary>Krippendorff 2011, written out over all pairs of pairable values.</summary>
    private static double? Definition(int[][] table, MeasurementLevel level)
    {
        var units = table.Select(r => r.Where(v => v > 0).ToArray()).Where(r => r.Length > 1).ToArray();
        var all = units.SelectMany(r => r).ToArray();
        double Delta(int a, int b)
        {
            var between = Enumerable.Range(Math.Min(a, b), Math.Abs(a - b) + 1).Sum(v => all.Count(x => x == v)) - ((all.Count(x => x == a) + all.Count(x => x == b)) / 2.0);
            return a == b ? 0 : level switch
            {
                MeasurementLevel.Nominal => 1,
                MeasurementLevel.Ordinal => between * between,
                MeasurementLevel.Interval => (a - b) * (a - b),
                _ => Math.Pow((a - b) / (double)(a + b), 2),
            };
        }
        var observed = units.Sum(r => r.Sum(a => r.Sum(b => Delta(a, b))) / (r.Length - 1)) / all.Length;
        var expected = all.Sum(a => all.Sum(b => Delta(a, b))) / (all.Length * (all.Length - 1.0));
        return expected > 0 ? 1 - (observed / expected) : null;
    }

    private sealed record Case(string Name, Func<RatingMatrix, Estimate> Full)
    {
        public double? Of(RatingMatrix matrix) => Full(matrix).Value;
    }
}
