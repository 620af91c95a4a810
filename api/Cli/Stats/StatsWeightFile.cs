using HealthEval.Agreement.Statistics;

namespace HealthEval.Cli.Stats;

/// <summary>A caller's own weights: a square CSV, with or without labels. Zeros on the diagonal make it a table of disagreements.</summary>
internal static class StatsWeightFile
{
    public static AgreementWeights Read(FileInfo file, Scale scale)
    {
        if (!file.Exists)
        {
            throw new StatsInputException(
                $"'{file.Name}' is neither a set of weights (unweighted, linear, quadratic, ordinal, radical, ratio, circular, bipolar) nor a CSV file with a table of weights.");
        }
        string[][] rows = [.. File.ReadAllLines(file.FullName).Where(l => l.Trim().Length > 0).Select(l => l.Split(',', ';', '\t').Select(c => c.Trim()).ToArray())];
        rows = [.. rows.Where(r => r.Count(c => StatsValues.Number(c) is not null) >= scale.Count).Select(r => r[^scale.Count..])];
        // A header of numeric levels looks like a row of weights: one row too many, and it comes first.
        rows = rows.Length == scale.Count + 1 ? rows[1..] : rows;
        if (rows.Length != scale.Count || rows.Any(r => r.Any(c => StatsValues.Number(c) is null)))
        {
            throw new StatsInputException($"{file.Name} must hold {scale.Count} × {scale.Count} numbers, one row and column per level ({string.Join(", ", scale.Labels)}).");
        }
        var weights = new double[scale.Count, scale.Count];
        for (var i = 0; i < scale.Count; i++)
        {
            for (var j = 0; j < scale.Count; j++)
            {
                weights[i, j] = StatsValues.Number(rows[i][j])!.Value;
            }
        }
        return Enumerable.Range(0, scale.Count).All(i => weights[i, i] == 0) ? AgreementWeights.FromDisagreement(weights) : AgreementWeights.Custom(weights);
    }
}
