namespace HealthEval.Tests.Tasks;

/// <summary>What a queue of work promises, in as few words as it can be said.</summary>
internal sealed class WorkModel(int overlap)
{
    private readonly Dictionary<(string Task, int Who), (string Lease, DateTimeOffset Until)> _leases = [];
    private readonly HashSet<(string Task, int Who)> _declined = [];

    public Dictionary<(string Task, int Who), (Guid Id, int Score)> Done { get; } = [];

    public bool IsLive(string task, int who, DateTimeOffset now) =>
        _leases.TryGetValue((task, who), out var lease) && lease.Until > now && !Done.ContainsKey((task, who));

    public int Taken(string task, DateTimeOffset now) =>
        Done.Keys.Count(key => key.Task == task) + _leases.Count(lease => lease.Key.Task == task && IsLive(task, lease.Key.Who, now));

    public bool MayTake(string task, int who, DateTimeOffset now) =>
        Taken(task, now) < overlap && !_declined.Contains((task, who)) && !Done.ContainsKey((task, who)) && !IsLive(task, who, now);

    /// <summary>An expired lease may be taken up again while its place is free; whether somebody has swept it away by then is left open.</summary>
    public bool MayRevive(string task, int who, DateTimeOffset now) =>
        _leases.ContainsKey((task, who)) && !Done.ContainsKey((task, who)) && Taken(task, now) < overlap;

    public string? LeaseOf(string task, int who) => _leases.TryGetValue((task, who), out var lease) ? lease.Lease : null;

    public void Lease(string task, int who, string lease, DateTimeOffset until) => _leases[(task, who)] = (lease, until);

    public void GiveBack(string task, int who, bool forGood)
    {
        _leases.Remove((task, who));
        if (forGood)
        {
            _declined.Add((task, who));
        }
    }

}
