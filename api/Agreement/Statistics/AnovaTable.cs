using System.Runtime.InteropServices;

namespace HealthEval.Agreement.Statistics;

/// <summary>Mean squares of ratings by unit (and rater), in the names of Shrout and Fleiss (1979).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnovaTable(double Units, double PerUnit, double WithinDf, double Bms, double Wms, double Jms, double Ems)
{
    /// <summary>Units with their own raters; numbers of ratings may differ.</summary>
    public static AnovaTable OneWay(double[][] rows)
    {
        var (n, all) = (rows.Length, (double)rows.Sum(r => r.Length));
        var grand = rows.Sum(r => r.Sum()) / all;
        var between = rows.Sum(r => r.Length * Math.Pow(r.Average() - grand, 2));
        var within = rows.Sum(r => r.Average() is var mean ? r.Sum(v => Math.Pow(v - mean, 2)) : 0);
        var perUnit = (all - (rows.Sum(r => (double)r.Length * r.Length) / all)) / (n - 1);
        return new AnovaTable(n, perUnit, all - n, between / (n - 1), within / (all - n), double.NaN, double.NaN);
    }

    /// <summary>Every rater on every unit.</summary>
    public static AnovaTable TwoWay(double[][] rows)
    {
        var (n, k) = (rows.Length, rows[0].Length);
        var one = OneWay(rows);
        var grand = rows.Average(r => r.Average());
        var raters = Enumerable.Range(0, k).Sum(j => n * Math.Pow(rows.Average(r => r[j]) - grand, 2));
        var error = rows.Sum(r => r.Average() is var mean
            ? Enumerable.Range(0, k).Sum(j => Math.Pow(r[j] - mean - rows.Average(x => x[j]) + grand, 2))
            : 0);
        return one with { PerUnit = k, Jms = raters / (k - 1), Ems = error / ((n - 1) * (k - 1)) };
    }

    public Details ToDetails(bool oneWay)
    {
        var (f, df2) = oneWay ? (Bms / Wms, WithinDf) : (Bms / Ems, (Units - 1) * (PerUnit - 1));
        return Details.Of(
            ("BMS", Bms), ("WMS", Wms), ("JMS", Jms), ("EMS", Ems), ("k", PerUnit),
            ("F", f), ("df1", Units - 1), ("df2", df2), ("pValue", 1 - Distributions.FisherCdf(f, Units - 1, df2)));
    }
}
