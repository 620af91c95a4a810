namespace HealthEval.Agreement.Statistics;

/// <summary>
/// Distribution functions and quantiles, to about 14 significant digits, for the limits and tests of this library.
/// Arguments outside a function's domain give NaN, which no public result lets through.
/// </summary>
internal static class Distributions
{
    private const double Tiny = 1e-300;
    private const int MostTerms = 100_000;

    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>P(Z ≤ z) for a standard normal Z.</summary>
    public static double NormalCdf(double z)
    {
        var tail = 0.5 * GammaUpper(0.5, z * z / 2);
        return z > 0 ? 1 - tail : tail;
    }

    /// <summary>Two-sided P(|Z| ≥ |z|).</summary>
    public static double NormalTwoSided(double z) => GammaUpper(0.5, z * z / 2);

    /// <summary>z with P(Z ≤ z) = p, by Newton steps from a rational start.</summary>
    public static double NormalQuantile(double p)
    {
        if (p is <= 0 or >= 1 || double.IsNaN(p))
        {
            return p == 0 ? double.NegativeInfinity : p == 1 ? double.PositiveInfinity : double.NaN;
        }
        var tail = Math.Min(p, 1 - p);
        var t = Math.Sqrt(-2 * Math.Log(tail));
        // Abramowitz and Stegun 26.2.23, then Halley's method on the tail.
        var z = t - ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308)))))));
        for (var i = 0; i < 4; i++)
        {
            var step = (NormalCdf(-z) - tail) / (Math.Exp(-z * z / 2) / Math.Sqrt(Math.Tau));
            z += step / (1 - (z * step / 2));
        }
        return p < 0.5 ? -z : z;
    }

    /// <summary>t with P(T ≤ t) = p for Student's T.</summary>
    public static double StudentQuantile(double p, double df)
    {
        if (p == 0.5)
        {
            return 0;
        }
        var x = BetaQuantile(2 * Math.Min(p, 1 - p), df / 2, 0.5);
        return Math.Sign(p - 0.5) * Math.Sqrt(df * (1 - x) / x);
    }

    /// <summary>Two-sided P(|T| ≥ |t|) for Student's T.</summary>
    public static double StudentTwoSided(double t, double df) => Beta(df / 2, 0.5, df / (df + (t * t)));

    /// <summary>P(F ≤ f) for Fisher's F.</summary>
    public static double FisherCdf(double f, double df1, double df2) => f <= 0 ? 0 : Beta(df1 / 2, df2 / 2, df1 * f / ((df1 * f) + df2));

    /// <summary>f with P(F ≤ f) = p.</summary>
    public static double FisherQuantile(double p, double df1, double df2)
    {
        var x = BetaQuantile(p, df1 / 2, df2 / 2);
        return df2 * x / (df1 * (1 - x));
    }

    /// <summary>P(X ≥ x) for chi-square X.</summary>
    public static double ChiSquareUpper(double x, double df) => x <= 0 ? 1 : GammaUpper(df / 2, x / 2);

    /// <summary>x with I_x(a, b) = p, by bisection.</summary>
    public static double BetaQuantile(double p, double a, double b)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 1100; i++)
        {
            // Below 1/4 the midpoint is geometric in effect, so that very small quantiles keep their digits.
            var middle = high < 1e-3 && low > 0 ? Math.Sqrt(low * high) : (low + high) / 2;
            if (middle <= low || middle >= high)
            {
                break;
            }
            (low, high) = Beta(a, b, middle) < p ? (middle, high) : (low, middle);
        }
        return (low + high) / 2;
    }

    /// <summary>Regularized incomplete beta function I_x(a, b), by Lentz's continued fraction.</summary>
    public static double Beta(double a, double b, double x)
    {
        if (x is <= 0 or >= 1)
        {
            return x <= 0 ? 0 : 1;
        }
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return x < (a + 1) / (a + b + 2) ? front * BetaFraction(a, b, x) / a : 1 - (front * BetaFraction(b, a, 1 - x) / b);
    }

    /// <summary>Regularized upper incomplete gamma function Q(a, x).</summary>
    public static double GammaUpper(double a, double x)
    {
        if (!(x > 0))
        {
            return x == 0 ? 1 : double.NaN;
        }
        var front = Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
        if (x < a + 1)
        {
            var (term, sum) = (1 / a, 1 / a);
            for (var n = 1; n < MostTerms && Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
            {
                term *= x / (a + n);
                sum += term;
            }
            return 1 - (front * sum);
        }
        var b = x + 1 - a;
        var (c, d) = (1 / Tiny, 1 / b);
        var h = d;
        for (var i = 1; i < MostTerms; i++)
        {
            var an = -i * (i - a);
            b += 2;
            d = 1 / NotZero((an * d) + b);
            c = NotZero(b + (an / c));
            h *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-16)
            {
                break;
            }
        }
        return front * h;
    }

    /// <summary>ln Γ(x) for x &gt; 0 (Lanczos 1964, g = 7, nine terms).</summary>
    public static double LogGamma(double x)
    {
        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        }
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (x - 1 + i);
        }
        var t = x + 6.5;
        return (0.5 * Math.Log(Math.Tau)) + ((x - 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    private static double BetaFraction(double a, double b, double x)
    {
        var (c, d) = (1.0, 1 / NotZero(1 - ((a + b) * x / (a + 1))));
        var h = d;
        for (var m = 1; m < MostTerms; m++)
        {
            var even = m * (b - m) * x / ((a - 1 + (2 * m)) * (a + (2 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            h *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + 1 + (2 * m)));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            h *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-16)
            {
                break;
            }
        }
        return h;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
