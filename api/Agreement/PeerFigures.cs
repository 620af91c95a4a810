using HealthEval.Agreement.Statistics;

namespace HealthEval.Agreement;

/// <summary>One rater against the others on the responses they share: each compared with the mean of the others, never with a mean that holds the own score.</summary>
/// <param name="Bias">Points; above 0 is more lenient than the others.</param>
/// <param name="Kappa">Quadratic weights; the others' mean is rounded to a score.</param>
/// <param name="Drift">What an EWMA chart of the differences, in the order of submission, says.</param>
/// <param name="Chart">That chart; null with too few differences.</param>
internal sealed record PeerFigures(Estimate Bias, Estimate Kappa, string Drift, ControlChart? Chart)
{
    private const int FewestForDrift = 10;
    private static readonly Scale OneToFive = Scale.OfNumbers([1, 2, 3, 4, 5]);

    public static Dictionary<string, PeerFigures> Of(IReadOnlyList<RatedResponse> rows, Resampling resampling)
    {
        var shared = new Dictionary<RatedResponse, (double Own, double Others)>(ReferenceEqualityComparer.Instance);
        var tables = new Dictionary<string, double[,]>(StringComparer.Ordinal);
        foreach (var response in rows.GroupBy(r => r.Unit, StringComparer.Ordinal).Select(g => g.ToArray()).Where(g => g.Length > 1))
        {
            foreach (var row in response)
            {
                Compare(row, response, shared, tables);
            }
        }

        var spread = Deviation([.. shared.Values.Select(p => p.Own - p.Others)]);
        return rows.GroupBy(r => r.Rater, StringComparer.Ordinal).ToDictionary(g => g.Key, g =>
        {
            RatedResponse[] mine = [.. g.Where(shared.ContainsKey)];
            var table = tables.GetValueOrDefault(g.Key);
            var chart = ChartOf([.. mine.Select(r => shared[r].Own - shared[r].Others)], spread);
            return new PeerFigures(
                mine.Length == 0 ? Estimate.None("signed-bias", "no response shared with another rater") : RaterQuality.SignedBias([.. mine.Select(r => shared[r])], [.. mine.Select(r => r.Prompt)], resampling),
                table is null ? Estimate.None("weighted kappa", "no response shared with another rater") : TwoRaterAgreement.CohenKappa(ContingencyTable.Of(table, OneToFive), AgreementWeights.Of(WeightSet.Quadratic, OneToFive)),
                DriftOf(chart, mine.Length), chart);
        }, StringComparer.Ordinal);
    }

    private static void Compare(RatedResponse row, RatedResponse[] response, Dictionary<RatedResponse, (double Own, double Others)> shared, Dictionary<string, double[,]> tables)
    {
        var (own, others, dimensions) = (0.0, 0.0, 0);
        for (var d = 0; d < row.Scores.Length; d++)
        {
            int[] theirs = [.. response.Where(r => r.Rater != row.Rater && r.Scores[d] > 0).Select(r => (int)r.Scores[d])];
            if (row.Scores[d] is var score && (score == 0 || theirs.Length == 0))
            {
                continue;
            }

            var mean = theirs.Average();
            (own, others, dimensions) = (own + score, others + mean, dimensions + 1);
            var table = tables.TryGetValue(row.Rater, out var known) ? known : tables[row.Rater] = new double[5, 5];
            table[score - 1, (int)Math.Round(mean, MidpointRounding.AwayFromZero) - 1]++;
        }

        if (dimensions > 0)
        {
            shared[row] = (own / dimensions, others / dimensions);
        }
    }

    private static ControlChart? ChartOf(double[] differences, double spread) => differences.Length < FewestForDrift ? null : ControlCharts.Ewma(differences, target: 0, spread);

    private static string DriftOf(ControlChart? chart, int shared) => chart is null ? $"too few shared responses ({shared} of {FewestForDrift})"
        : Array.Find([.. chart.Points], p => p.Signal) is { Signal: true } first ? $"{(first.Value > 0 ? "more lenient" : "stricter")} than the others from shared response {first.Index} on"
        : chart.Summary.Undefined is { } reason ? $"{char.ToUpperInvariant(reason[0])}{reason[1..].TrimEnd('.')}." : "steady";

    private static double Deviation(double[] values) => values.Length < 2 ? 0 : values.Average() is var mean ? Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1)) : 0;
}
