using HealthEval.Agreement.Statistics;

namespace HealthEval.Benchmarks;

/// <summary>Ratings that a program in another language can make too: a 64-bit linear congruential generator (Knuth's MMIX constants).</summary>
internal sealed class Synthetic(ulong seed)
{
    private ulong _state = seed;

    public int Below(int bound)
    {
        _state = (_state * 6364136223846793005UL) + 1442695040888963407UL;
        return (int)((_state >> 33) % (ulong)bound);
    }

    /// <summary>Every unit rated by <paramref name="perUnit"/> raters in turn; 70 % say the unit's level, the others any level.</summary>
    public static RatingMatrix Matrix(int units, int perUnit, int raters, int levels)
    {
        var random = new Synthetic(42);
        var builder = new RatingMatrixBuilder(units * perUnit);
        var (names, people) = (Names("u", units), Names("r", raters));
        var next = 0;
        for (var u = 0; u < units; u++)
        {
            var truth = random.Below(levels);
            for (var i = 0; i < perUnit; i++)
            {
                var known = random.Below(100) < 70;
                var other = random.Below(levels);
                builder.Add(names[u], people[next++ % raters], known ? truth : other, null);
            }
        }
        return builder.Build(Scale.OfNumbers(Enumerable.Range(1, levels).Select(l => (double)l)), Repeats.First);
    }

    /// <summary>Battles between models whose strength rises with their number.</summary>
    public static List<PairResult> Battles(int battles, int models)
    {
        var random = new Synthetic(7);
        var results = new List<PairResult>(battles);
        for (var i = 0; i < battles; i++)
        {
            var (a, b) = (random.Below(models), random.Below(models - 1));
            b += b >= a ? 1 : 0;
            var first = random.Below(models + models) < models + a - b;
            results.Add(new PairResult($"m{a:00}", $"m{b:00}", first ? 1 : 0, first ? 0 : 1));
        }
        return results;
    }

    private static string[] Names(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => prefix + i)];
}
