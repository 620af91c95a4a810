using System.Collections.Concurrent;
using HealthEval.Storage;

namespace HealthEval.Audit;

/// <summary>
/// The append-only trail that every slice writes decisions to, a chain of hashes per project. What is handed out (a link, an export) is recorded
/// before it leaves; what is changed, right after.
/// </summary>
internal sealed class AuditTrail(IDocumentStore store, TimeProvider time)
{
    /// <summary>The chain of what belongs to no project, or to all.</summary>
    public const string Platform = "_";

    public const string Timer = "timer";
    public const string CommandLine = "command-line";
    public const string DropFolder = "drop-folder";

    /// <summary>What follows from a decision that is on record itself.</summary>
    public const string Program = "program";

    /// <summary>A rule of the watch over raters.</summary>
    public const string Rule = "rule";

    private const int Attempts = 100;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _oneAtATime = new(StringComparer.Ordinal); // in this process; others are met by trying again

    /// <summary>
    /// Appends an entry. All values are ids, codes, counts or hashes without spaces; anything else is kept as "(text)". There is no way to
    /// call it off: what was done is recorded, whether or not somebody waits for the answer.
    /// </summary>
    public async Task RecordAsync(string projectId, string by, string action, string? about = null, string? from = null, string? to = null)
    {
        var turn = _oneAtATime.GetOrAdd(projectId, _ => new SemaphoreSlim(1));
        await turn.WaitAsync();
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var head = await store.FindAsync<TrailHead>(TrailHead.Key(projectId), CancellationToken.None);
                var entry = AuditEntry.After(head?.Value, projectId, time.GetUtcNow(), by, action, about, from, to);
                var moved = new TrailHead(entry.Number, entry.Hash);
                Write move = head is null ? new Write.Create(TrailHead.Key(projectId), moved) : new Write.Replace(TrailHead.Key(projectId), moved, head.ETag);
                if ((await store.CommitAsync([new Write.Create(entry.Key(), entry), move], CancellationToken.None)).Succeeded)
                {
                    return;
                }

                await Task.Delay(Random.Shared.Next(1, attempt + 2)); // somebody was first; whoever has waited longest must not lose for ever
            }
        }
        finally
        {
            turn.Release();
        }

        throw new IOException("The trail is being written by too many at once.");
    }

    /// <summary>Oldest first.</summary>
    public IAsyncEnumerable<AuditEntry> EntriesAsync(string projectId, CancellationToken cancellation) =>
        store.AllAsync<AuditEntry>(Query(projectId) with { Top = 500 }, cancellation).Select(stored => stored.Value);

    public async Task<TrailHead?> HeadAsync(string projectId, CancellationToken cancellation) =>
        (await store.FindAsync<TrailHead>(TrailHead.Key(projectId), cancellation))?.Value;

    /// <summary>Reads the whole chain and says where it is broken.</summary>
    public async Task<TrailCheck> CheckAsync(string projectId, CancellationToken cancellation) =>
        await TrailCheck.OfAsync(projectId, EntriesAsync(projectId, cancellation), await HeadAsync(projectId, cancellation), cancellation);

    public static DocumentQuery Query(string projectId) => new(DocumentKind.Trail) { ProjectId = projectId, Scope = AuditEntry.Partition(projectId).Scope, OrderBy = "number" };
}

/// <summary>Whether a chain is whole. Its head, noted elsewhere, proves later that nothing up to it was changed.</summary>
/// <param name="Head">Number and hash of the last entry, as <c>17:ab12…</c>; null for an empty chain.</param>
internal sealed record TrailCheck(string ProjectId, long Entries, string? Head, IReadOnlyList<string> Faults)
{
    private const int MostFaults = 20;

    public bool Whole => Faults.Count == 0;

    public static async Task<TrailCheck> OfAsync(string projectId, IAsyncEnumerable<AuditEntry> entries, TrailHead? head, CancellationToken cancellation)
    {
        var faults = new List<string>();
        var (count, last, before) = (0L, 0L, "");
        await foreach (var entry in entries.WithCancellation(cancellation))
        {
            count++;
            var gap = entry.Number != last + 1;
            Fault(gap, entry.Number == last + 2 ? $"entry {last + 1} is missing" : $"entries {last + 1} to {entry.Number - 1} are missing");
            Fault(entry.Hash != entry.ComputedHash(), $"entry {entry.Number} was changed");
            Fault(entry.ProjectId != projectId, $"entry {entry.Number} is of project {entry.ProjectId}");
            Fault(!gap && entry.Before != before, $"entry {entry.Number} does not follow on the one before it");
            (last, before) = (entry.Number, entry.Hash);
        }

        Fault(head is not null && head.Last > last, $"the end is missing: {count} entries, but the last one written was {head?.Last}");
        Fault(head is null && count > 0, "the head of the chain is missing");
        Fault(head is not null && head.Last == last && head.Hash != before, $"the head of the chain does not fit entry {last}");
        Fault(head is not null && head.Last < last, $"entry {last} was not written by the program");
        return new TrailCheck(projectId, count, count == 0 ? null : $"{last}:{before}", faults);

        void Fault(bool found, string fault)
        {
            if (found && faults.Count < MostFaults)
            {
                faults.Add(fault);
            }
        }
    }
}
