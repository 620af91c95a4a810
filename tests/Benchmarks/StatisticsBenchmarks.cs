using BenchmarkDotNet.Attributes;
using HealthEval.Agreement.Statistics;

namespace HealthEval.Benchmarks;

/// <summary>The work that peers are timed on too (peers.py): 1,000,000 ratings by 200 raters on five levels.</summary>
[MemoryDiagnoser]
public class StatisticsBenchmarks
{
    private readonly RatingMatrix _million = Synthetic.Matrix(200_000, 5, 200, 5);
    private readonly RatingMatrix _hundredThousand = Synthetic.Matrix(20_000, 5, 200, 5);
    private readonly List<PairResult> _battles = Synthetic.Battles(100_000, 50);

    /// <summary>Alpha from a prepared table, with the value counts per unit made anew.</summary>
    [Benchmark]
    [Arguments(MeasurementLevel.Nominal)]
    [Arguments(MeasurementLevel.Ordinal)]
    [Arguments(MeasurementLevel.Interval)]
    [Arguments(MeasurementLevel.Ratio)]
    public double? Alpha(MeasurementLevel level) => KrippendorffAlpha.Compute(ValueCounts.From(_million), level).Value;

    /// <summary>Alpha when the value counts are there already.</summary>
    [Benchmark]
    public double? AlphaOrdinalFromCounts() => KrippendorffAlpha.Compute(_million.Counts, MeasurementLevel.Ordinal).Value;

    [Benchmark]
    public double? AlphaBootstrap200DrawsOf100000() => KrippendorffAlpha.Compute(_hundredThousand.Counts, MeasurementLevel.Ordinal, new Resampling(Draws: 200)).StandardError;

    [Benchmark]
    public double? DawidSkene20Steps() => DawidSkene.Compute(_million, new DawidSkeneOptions(Tolerance: 0, MaxIterations: 20)).Summary.Value;

    [Benchmark]
    public double? GwetAc2() => GwetAgreement.Ac(_million.Counts, AgreementWeights.Of(WeightSet.Quadratic, _million.Scale)).Value;

    [Benchmark]
    public double? Fleiss() => FleissKappa.Compute(_million.Counts).Value;

    [Benchmark]
    public double? BradleyTerry100000Battles() => BradleyTerry.Compute(_battles).Summary.Value;
}
