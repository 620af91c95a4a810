using System.Collections.Concurrent;
using HealthEval.Batches.Privacy;
using HealthEval.Http;
using HealthEval.Storage;

namespace HealthEval.Batches;

/// <summary>
/// Keeps each project within the bytes of files and the number of items that section <c>Limits</c> of the settings gives it, so that one customer leaves room
/// for the others. What is there is counted now and then, and once more before anything is refused; what this process adds is known meanwhile.
/// </summary>
internal sealed class Quotas(IDocumentStore documents, IFileStore files, LimitOptions limits, TimeProvider clock)
{
    private const string More = "Ask whoever runs this installation for more (Limits:BytesOfProject)";
    private readonly ConcurrentDictionary<string, Meter> _bytes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Meter> _items = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Admission> _admissions = new(StringComparer.Ordinal);

    public async Task<Usage> UsageAsync(string projectId, CancellationToken cancellation) =>
        new(await BytesAsync(projectId, cancellation), MostBytes(projectId), await ItemsAsync(projectId, cancellation), MostItems(projectId));

    /// <summary>Room for bytes that are about to be stored.</summary>
    public ValueTask<bool> TakeBytesAsync(string projectId, long bytes, CancellationToken cancellation) => BytesOf(projectId).TakeAsync(bytes, MostBytes(projectId), cancellation);

    /// <param name="taken">Of what was taken before …</param>
    /// <param name="used">… so much is there now.</param>
    public void SettleBytes(string projectId, long taken, long used) => BytesOf(projectId).Settle(taken, used);

    public ValueTask<bool> TakeItemsAsync(string projectId, long items, CancellationToken cancellation) => ItemsOf(projectId).TakeAsync(items, MostItems(projectId), cancellation);

    public void SettleItems(string projectId, long taken, long used) => ItemsOf(projectId).Settle(taken, used);

    /// <summary>Why there is no room for a file of this size, or for anything that it could hold; null when there is.</summary>
    public async Task<QuotaFull?> FullAsync(string projectId, long bytes, CancellationToken cancellation)
    {
        if (!await TakeBytesAsync(projectId, bytes, cancellation))
        {
            return await BytesFullAsync(projectId, cancellation);
        }

        SettleBytes(projectId, bytes, 0);
        if (!await TakeItemsAsync(projectId, 1, cancellation))
        {
            return await ItemsFullAsync(projectId, cancellation);
        }

        SettleItems(projectId, 1, 0);
        return null;
    }

    /// <summary>Why a file that already lies in the drop folder is not loaded: those that came before it have the room. Null when it is within.</summary>
    public async Task<string?> FullAsync(string projectId, FileEntry dropped, CancellationToken cancellation)
    {
        if (await TakeBytesAsync(projectId, dropped.Length, cancellation))
        {
            SettleBytes(projectId, dropped.Length, dropped.Length);
            return null;
        }

        if (!_admissions.TryGetValue(projectId, out var admission) || !admission.Knows(dropped) || clock.GetElapsedTime(admission.At) > Meter.CountAgain)
        {
            var there = await files.ListAsync(DropFolder.Path(projectId, ""), cancellation).ToListAsync(cancellation);
            _admissions[projectId] = admission = Admission.Of(there, MostBytes(projectId), clock.GetTimestamp());
        }

        return admission.Admits(dropped)
            ? null
            : $"The files of this project may take {MostBytes(projectId):N0} bytes, and those that came before this one leave too little. {More}, or to have old files removed.";
    }

    public async Task<QuotaFull> ItemsFullAsync(string projectId, CancellationToken cancellation) => new("quota_items", "The project has all its items",
        $"This project may hold {MostItems(projectId):N0} items and holds {await ItemsAsync(projectId, cancellation):N0}. Ask whoever runs this installation for more (Limits:ItemsOfProject)");

    public async Task<QuotaFull> BytesFullAsync(string projectId, CancellationToken cancellation) => new("quota_bytes", "The project's room for files is used up",
        $"The files of this project may take {MostBytes(projectId):N0} bytes, and {await BytesAsync(projectId, cancellation):N0} are there. "
            + $"{More}, or to have old files removed");

    private Meter BytesOf(string projectId) => _bytes.GetOrAdd(projectId, _ => new Meter(cancellation => BytesAsync(projectId, cancellation), clock));

    private Meter ItemsOf(string projectId) => _items.GetOrAdd(projectId, _ => new Meter(cancellation => ItemsAsync(projectId, cancellation), clock));

    private long MostBytes(string projectId) => limits.OfProject.GetValueOrDefault(projectId)?.Bytes ?? limits.BytesOfProject;

    private long MostItems(string projectId) => limits.OfProject.GetValueOrDefault(projectId)?.Items ?? limits.ItemsOfProject;

    private async Task<long> BytesAsync(string projectId, CancellationToken cancellation) =>
        await files.ListAsync(DropFolder.Path(projectId, ""), cancellation).Select(file => file.Length).SumAsync(cancellation);

    /// <summary>The customer's own: copies that are handed out aside are neither theirs to pay with room, nor to be told of.</summary>
    private async Task<long> ItemsAsync(string projectId, CancellationToken cancellation) =>
        await documents.CountAsync(new DocumentQuery(DocumentKind.Item) { ProjectId = projectId }, cancellation)
        - await documents.CountAsync(new DocumentQuery(DocumentKind.Aside) { ProjectId = projectId }, cancellation)
        + await documents.CountAsync(new DocumentQuery(DocumentKind.Held) { ProjectId = projectId, Where = [new Filter.Equal("state", HeldItem.Held)] }, cancellation);

    /// <summary>Which of the files in a folder that holds too much are within: the oldest first, as long as they fit.</summary>
    private sealed record Admission(IReadOnlyDictionary<string, bool> Files, long At)
    {
        public static Admission Of(IEnumerable<FileEntry> there, long most, long at)
        {
            var (files, bytes) = (new Dictionary<string, bool>(StringComparer.Ordinal), 0L);
            foreach (var file in there.OrderBy(file => file.Modified).ThenBy(file => file.Path, StringComparer.Ordinal))
            {
                files[file.Path] = bytes + file.Length <= most;
                bytes += files[file.Path] ? file.Length : 0;
            }

            return new Admission(files, at);
        }

        public bool Knows(FileEntry file) => Files.ContainsKey(file.Path);

        public bool Admits(FileEntry file) => Files.GetValueOrDefault(file.Path);
    }
}

/// <summary>What a project has of what it may have.</summary>
internal sealed record Usage(long Bytes, long MostBytes, long Items, long MostItems)
{
    /// <summary>Bytes of a file that is sent through the program in one call.</summary>
    public long MostAtOnce { get; init; }

    /// <summary>Whether larger ones can be sent by a link.</summary>
    public bool Links { get; init; }
}

/// <param name="Why">A sentence without its full stop.</param>
internal sealed record QuotaFull(string Code, string Title, string Why);

/// <summary>How much is there and on its way, shared by all who add to it in this process.</summary>
internal sealed class Meter(Func<CancellationToken, Task<long>> count, TimeProvider clock)
{
    public static readonly TimeSpan CountAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan NotBefore = TimeSpan.FromSeconds(1);
    private readonly Lock _changing = new();
    private long _there;
    private long _taken;
    private long? _countedAt;

    public async ValueTask<bool> TakeAsync(long amount, long most, CancellationToken cancellation)
    {
        if (IsOlderThan(CountAgain))
        {
            await CountAsync(cancellation);
        }

        if (Take(amount, most))
        {
            return true;
        }

        if (!IsOlderThan(NotBefore))
        {
            return false;
        }

        await CountAsync(cancellation);
        return Take(amount, most);
    }

    public void Settle(long taken, long used)
    {
        lock (_changing)
        {
            (_taken, _there) = (_taken - taken, _there + used);
        }
    }

    private bool IsOlderThan(TimeSpan age)
    {
        lock (_changing)
        {
            return _countedAt is not { } at || clock.GetElapsedTime(at) >= age;
        }
    }

    private bool Take(long amount, long most)
    {
        lock (_changing)
        {
            var fits = _there + _taken + amount <= most;
            _taken += fits ? amount : 0;
            return fits;
        }
    }

    private async Task CountAsync(CancellationToken cancellation)
    {
        var (at, there) = (clock.GetTimestamp(), await count(cancellation));
        lock (_changing)
        {
            (_countedAt, _there) = (at, there);
        }
    }
}
