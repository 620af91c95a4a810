namespace HealthEval.Agreement.Statistics;

/// <summary>The little linear algebra that Newton's method needs.</summary>
internal static class LinearAlgebra
{
    /// <summary>x with A x = b, or null when A is singular.</summary>
    public static double[]? Solve(double[,] a, double[] b)
    {
        var n = b.Length;
        var work = new double[n, n + 1];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                work[i, j] = a[i, j];
            }
            work[i, n] = b[i];
        }
        return Eliminate(work) ? [.. Enumerable.Range(0, n).Select(i => work[i, n])] : null;
    }

    /// <summary>The inverse, or null when the matrix is singular.</summary>
    public static double[,]? Invert(double[,] a)
    {
        var n = a.GetLength(0);
        var work = new double[n, 2 * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                work[i, j] = a[i, j];
            }
            work[i, n + i] = 1;
        }
        if (!Eliminate(work))
        {
            return null;
        }
        var inverse = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                inverse[i, j] = work[i, n + j];
            }
        }
        return inverse;
    }

    /// <summary>Gauss–Jordan with row pivoting on an augmented matrix.</summary>
    private static bool Eliminate(double[,] work)
    {
        var (n, width) = (work.GetLength(0), work.GetLength(1));
        for (var column = 0; column < n; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < n; row++)
            {
                pivot = Math.Abs(work[row, column]) > Math.Abs(work[pivot, column]) ? row : pivot;
            }
            if (!(Math.Abs(work[pivot, column]) > 1e-300))
            {
                return false;
            }
            for (var j = 0; j < width; j++)
            {
                (work[column, j], work[pivot, j]) = (work[pivot, j], work[column, j]);
            }
            var by = work[column, column];
            for (var j = 0; j < width; j++)
            {
                work[column, j] /= by;
            }
            for (var row = 0; row < n; row++)
            {
                var factor = row == column ? 0 : work[row, column];
                for (var j = 0; j < width && factor != 0; j++)
                {
                    work[row, j] -= factor * work[column, j];
                }
            }
        }
        return true;
    }
}
