using HealthEval.Storage;

namespace HealthEval.Tasks;

/// <summary>
/// Where one person stands in one project. A memory aid, not the truth (that is in the tasks): how far they have come in each lane,
/// so that finding the next task costs the same after ten thousand, and which tasks they hold, so that a reload finds them again.
/// </summary>
internal sealed record Desk(
    string ProjectId, string PersonId, IReadOnlyDictionary<string, string> Cursors, IReadOnlyList<string> Held, long Served, DateTimeOffset? SearchedAllAt)
{
    public const int MostHeld = 3;

    public static Desk New(string projectId, string personId) => new(projectId, personId, new Dictionary<string, string>(), [], 0, null);

    public string? Cursor(string lane) => Cursors.TryGetValue(lane, out var rank) ? rank : null;

    /// <summary>Without what a clock that was ahead has noted: behind such a cursor everything that is new would be hidden.</summary>
    public Desk Believed(DateTimeOffset now)
    {
        var latest = EvalTask.LatestRankAt(now + Clocks.Tolerance);
        var cursors = Cursors.Where(cursor => string.CompareOrdinal(cursor.Value, latest) <= 0).ToDictionary();
        var searched = SearchedAllAt > now + Clocks.Tolerance ? null : SearchedAllAt;
        return cursors.Count == Cursors.Count && searched == SearchedAllAt ? this : this with { Cursors = cursors, SearchedAllAt = searched };
    }

    public Desk Advanced(string lane, string rank) =>
        string.CompareOrdinal(rank, Cursor(lane)) > 0 ? this with { Cursors = new Dictionary<string, string>(Cursors) { [lane] = rank } } : this;

    public Desk Holding(string taskId) => this with { Held = [.. Held.Where(held => held != taskId), taskId], Served = Served + 1 };

    public Desk Without(string taskId) => this with { Held = [.. Held.Where(held => held != taskId)] };
}
