using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Running;
using HealthEval.Agreement.Statistics;
using HealthEval.Benchmarks;

// "once" prints one line per task, best of five, for peers.py to compare with in the same session.
if (args is not ["once", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(StatisticsBenchmarks).Assembly).Run(args);
    return;
}

var million = Synthetic.Matrix(200_000, 5, 200, 5);
var hundredThousand = Synthetic.Matrix(20_000, 5, 200, 5);
var battles = Synthetic.Battles(100_000, 50);
foreach (var level in Enum.GetValues<MeasurementLevel>())
{
    Report($"alpha_{level.ToString().ToLowerInvariant()}", () => KrippendorffAlpha.Compute(ValueCounts.From(million), level));
}
Report("alpha_ordinal_counts", () => KrippendorffAlpha.Compute(million.Counts, MeasurementLevel.Ordinal));
Report("alpha_bootstrap", () => KrippendorffAlpha.Compute(hundredThousand.Counts, MeasurementLevel.Ordinal, new Resampling(Draws: 200)));
Report("dawid_skene", () => DawidSkene.Compute(million, new DawidSkeneOptions(Tolerance: 0, MaxIterations: 20)).Summary);
Report("gwet_ac2", () => GwetAgreement.Ac(million.Counts, AgreementWeights.Of(WeightSet.Quadratic, million.Scale)));
Report("fleiss", () => FleissKappa.Compute(million.Counts));
Report("bradley_terry", () => BradleyTerry.Compute(battles).Summary);

static void Report(string task, Func<Estimate> work)
{
    var (best, value) = (double.PositiveInfinity, work().Value);
    for (var i = 0; i < 5; i++)
    {
        var start = Stopwatch.GetTimestamp();
        value = work().Value;
        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{task} {best:R} {value:R}"));
}
