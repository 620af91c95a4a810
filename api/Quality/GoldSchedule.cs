using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HealthEval.Quality;

/// <summary>
/// Which of the tasks that a rater is handed is a gold item, or a repeat. The sequence is cut into runs of 1 ÷ share tasks, and in each run one place is drawn from
/// a seed of project and rater: the share holds exactly over any long stretch, no place is more likely than another, and two are never in a row.
/// </summary>
internal static class GoldSchedule
{
    /// <summary>Whether the <paramref name="served"/>-th task (counted from 0) is to be gold; <paramref name="run"/> is its run's number.</summary>
    public static bool IsDue(string projectId, string rater, double share, long served, out long run)
    {
        run = share > 0 ? (long)Math.Floor((served * share) + 1e-9) : -1;
        if (run < 0)
        {
            return false;
        }

        // rounding may put the first place of a run one run too early
        run = Start(run + 1, share) <= served ? run + 1 : run;
        return PlaceIn(projectId, rater, share, run) == served;
    }

    /// <summary>Whether a run is for a gold item or for a repeat, so that each has its share exactly; <paramref name="number"/> counts the gold runs.</summary>
    public static bool IsGold(long run, double gold, double repeats, out long number)
    {
        var share = gold / (gold + repeats);
        number = (long)Math.Floor((run * share) + 1e-9);
        return (long)Math.Floor(((run + 1) * share) + 1e-9) > number;
    }

    /// <summary>A number from 0 to <paramref name="below"/> − 1 that is the same for the same words.</summary>
    public static long Draw(long below, params ReadOnlySpan<string> words)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', words!)));
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)below);
    }

    private static long Start(long run, double share) => (long)Math.Ceiling((run / share) - 1e-9);

    private static long PlaceIn(string projectId, string rater, double share, long run)
    {
        var (start, end) = (Start(run, share), Start(run + 1, share));
        var place = start + Draw(end - start, "gold", projectId, rater, $"{run}");
        var touches = place == start && run > 0 && PlaceIn(projectId, rater, share, run - 1) == start - 1;
        return touches ? place + 1 : place;
    }
}
