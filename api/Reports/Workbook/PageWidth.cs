namespace HealthEval.Reports.Workbook;

/// <summary>How many characters fit the width of a landscape page that is printed at 80 % of its size.</summary>
internal static class PageWidth
{
    /// <summary>A4 less its margins is 10.89 inches; 96 pixels each, at 80 %.</summary>
    private const double A4 = 1_300;
    private const double Narrowest = 13.5; // the longest name of a dimension

    public static bool FitsA4(IEnumerable<double> narrowed) => narrowed.Sum(Pixels) <= A4;

    /// <summary>The widths with the wide columns narrowed, in proportion; null where all fit as they are.</summary>
    public static double[]? Narrowed(IReadOnlyList<double> widths)
    {
        if (widths.Sum(Pixels) <= A4)
        {
            return null;
        }

        double[] narrowed = [.. widths];
        for (var round = 0; round < 10 && narrowed.Sum(Pixels) > A4; round++)
        {
            var wide = narrowed.Where(w => w > Narrowest).Sum(Pixels);
            var factor = Math.Max(0, A4 - narrowed.Where(w => w <= Narrowest).Sum(Pixels)) / Math.Max(1, wide);
            narrowed = [.. narrowed.Select(w => w > Narrowest ? Math.Max(Narrowest, Math.Floor(((Pixels(w) * factor) - 5) / 7 * 10) / 10) : w)];
        }

        return narrowed;
    }

    /// <summary>Of a column in the standard font: seven to a character, five around.</summary>
    private static double Pixels(double width) => (width * 7) + 5;
}
