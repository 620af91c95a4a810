using System.Text.Json;
using HealthEval.Http;
using HealthEval.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HealthEval.Tasks;

/// <summary>
/// Somebody's unfinished work on a task. Kept as it was sent and not looked into: what is in it is judged when it is submitted.
/// </summary>
/// <param name="Revision">Counts the saves; a save names the revision it is based on.</param>
internal sealed record TaskDraft(string Rater, int Revision, JsonElement Judgement, DateTimeOffset SavedAt)
{
    public const int MaxBytes = 1_000_000;

    /// <summary>Far more than a judgement has, and far less than what an answer can be wrapped around.</summary>
    private const int MaxDepth = 16;

    /// <summary>What cannot be kept, and where; null when everything can.</summary>
    public static (string Path, string Reason)? FaultIn(JsonElement value, string path = "judgement", int depth = 1) => value.ValueKind switch
    {
        JsonValueKind.Object or JsonValueKind.Array when depth > MaxDepth => (path, $"Nested more than {MaxDepth} levels deep. Send the judgement as the form has it."),
        JsonValueKind.Object => value.EnumerateObject().Select(property => TextOf(() => property.Name) is { } name ? FaultIn(property.Value, $"{path}.{name}", depth + 1) : Half(path)).FirstOrDefault(fault => fault is not null),
        JsonValueKind.Array => value.EnumerateArray().Select((entry, i) => FaultIn(entry, $"{path}[{i}]", depth + 1)).FirstOrDefault(fault => fault is not null),
        JsonValueKind.String when TextOf(() => value.GetString()!) is null => Half(path),
        _ => null,
    };

    private static (string Path, string Reason)? Half(string path) => (path, "Half a character (one part of a surrogate pair without the other). Remove it.");

    /// <summary>Null when an escaped surrogate stands alone, which is no text in any encoding.</summary>
    private static string? TextOf(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static DocumentKey Key(string projectId, string taskId, string rater) => new(DocumentKind.Draft, new Partition(projectId, taskId), rater);
}

internal abstract record DraftResult
{
    internal sealed record Saved(TaskDraft Draft) : DraftResult;

    /// <summary>Another window saved in between; <paramref name="Current"/> is what it saved.</summary>
    internal sealed record Older(TaskDraft Current) : DraftResult;

    internal sealed record LeaseGone : DraftResult;
}

internal static class DraftRules
{
    /// <summary>Why it cannot be kept; null when it can.</summary>
    public static ProblemHttpResult? Refuse(JsonElement draft, string name)
    {
        if (draft.ValueKind != JsonValueKind.Object)
        {
            return Problems.Malformed($"'{name}' must be an object.");
        }

        if (draft.GetRawText().Length > TaskDraft.MaxBytes)
        {
            return Problems.Of(413, "draft_too_large", "The draft is too large", $"A draft has at most {TaskDraft.MaxBytes:N0} characters. Shorten the longest texts; nothing was lost.");
        }

        if (TaskDraft.FaultIn(draft, name) is not var (path, reason))
        {
            return null;
        }

        var faults = new Faults();
        faults.Add(path, reason);
        return Problems.Invalid(faults);
    }
}

internal sealed class Drafts(IDocumentStore store, TimeProvider time)
{
    public async Task<TaskDraft?> FindAsync(string projectId, string taskId, string rater, CancellationToken cancellation) =>
        (await store.FindAsync<TaskDraft>(TaskDraft.Key(projectId, taskId, rater), cancellation))?.Value;

    /// <param name="queue">Where the lease lies: that of a task, or of a case on it. Nobody has both.</param>
    public async Task<DraftResult> SaveAsync(
        WorkQueue queue, string projectId, string taskId, string rater, string leaseId, int revision, JsonElement judgement, CancellationToken cancellation)
    {
        var found = await store.FindTaskAsync(queue, projectId, taskId, cancellation);
        if (found?.Task.SlotOf(rater) is not { IsFilled: false } slot || slot.LeaseId != leaseId)
        {
            return new DraftResult.LeaseGone();
        }

        var key = TaskDraft.Key(projectId, taskId, rater);
        var stored = await store.FindAsync<TaskDraft>(key, cancellation);
        if (stored is { Value: var current } && current.Revision != revision)
        {
            return new DraftResult.Older(current);
        }

        var draft = new TaskDraft(rater, (stored?.Value.Revision ?? 0) + 1, judgement, time.GetUtcNow());
        var result = await store.CommitAsync(stored is null ? new Write.Create(key, draft) : new Write.Replace(key, draft, stored.ETag), cancellation);
        if (result.Succeeded)
        {
            return new DraftResult.Saved(draft);
        }

        return await FindAsync(projectId, taskId, rater, cancellation) is { } newer ? new DraftResult.Older(newer) : new DraftResult.LeaseGone();
    }
}
