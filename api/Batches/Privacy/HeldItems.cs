using HealthEval.Http;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Batches.Privacy;

/// <summary>What a lead decides about one held item, or about many.</summary>
/// <param name="Decision">release, redact or drop.</param>
/// <param name="Places">What to redact; when many are decided at once, everything that looks like personal data.</param>
internal sealed record HeldDecision(string? Decision, string? Why, IReadOnlyList<RedactedPlace>? Places = null)
{
    public Faults Check()
    {
        var faults = new Faults();
        faults.Require(Decision is "release" or "redact" or "drop", "decision", "Choose release, redact or drop.");
        faults.Require(Why?.Trim() is { Length: > 0 and <= 500 }, "why", "Say why, in 1 to 500 characters; it is kept with the decision.");
        return faults;
    }
}

internal enum HeldOutcome
{
    Decided,
    Missing,
    DecidedBefore,
    NothingToRedact,
}

/// <summary>Carries out decisions. Each is one commit: the decision, its record, and the item with its task where raters may now see it.</summary>
internal sealed class HeldItems(IDocumentStore documents, IFileStore files, OpenTask openTask, Erasure erasure, TimeProvider clock)
{
    public async Task<HeldOutcome> DecideAsync(Project project, string batchId, string taskId, HeldDecision decision, string by, Faults faults, CancellationToken cancellation)
    {
        var key = HeldItem.Key(project.ProjectId, taskId);
        if (await documents.FindAsync<HeldItem>(key, cancellation) is not { } stored || stored.Value.BatchId != batchId)
        {
            return HeldOutcome.Missing;
        }

        if (stored.Value is not { State: HeldItem.Held, Item: { } item } held)
        {
            return HeldOutcome.DecidedBefore;
        }

        var places = decision.Decision == "redact" ? decision.Places ?? [.. HeldTexts.PlacesIn(item).Select(place => new RedactedPlace(place.Path, place.Start, place.End, place.Class))] : null;
        var shown = places is null ? item : Redaction.Apply(item, places, faults);
        if (shown is null)
        {
            return HeldOutcome.NothingToRedact;
        }

        var state = decision.Decision switch { "release" => HeldItem.Released, "redact" => HeldItem.Redacted, _ => HeldItem.Dropped };
        var record = new PrivacyDecision(taskId, held.BatchId, held.Line, held.ContentSha256, state, by, decision.Why!.Trim(), clock.GetUtcNow(), held.Suspicions, places);
        Write[] writes = [new Write.Replace(key, held.Decided(state), stored.ETag), new Write.Create(record.Key(project.ProjectId), record)];
        Write[] opening = state is HeldItem.Dropped ? []
            : shown.Responses.Count == 0 ? [new Write.Create(shown.Key(), shown)]
            : [new Write.Create(shown.Key(), shown), openTask(shown, project, by)];
        return (await documents.CommitAsync([.. writes, .. opening], cancellation)).Succeeded ? HeldOutcome.Decided : HeldOutcome.DecidedBefore;
    }

    /// <summary>Brings a batch that waits for decisions up to them: its counts, its state when the last one is made, its receipt.</summary>
    public async Task<Batch?> SettleAsync(string projectId, string batchId, CancellationToken cancellation)
    {
        Batch? written = null;
        while (await documents.FindAsync<Batch>(Batch.Key(projectId, batchId), cancellation) is { } stored)
        {
            var batch = stored.Value;
            var settled = batch is { State: BatchState.Waiting, Held: > 0 } ? batch.After(await CountsAsync(projectId, batchId, cancellation)) : batch;
            if (ReferenceEquals(settled, batch) && (written is null || written.Decided == batch.Decided))
            {
                if (Erasure.IsDue(batch))
                {
                    await erasure.BatchAsync(batch, cancellation);
                }

                return batch;
            }

            // a batch that somebody else has brought further since is written again: our receipt may lie over theirs
            if (ReferenceEquals(settled, batch) || (await documents.CommitAsync(new Write.Replace(Batch.Key(projectId, batchId), settled, stored.ETag), cancellation)).Succeeded)
            {
                await files.WriteBytesAsync(Batch.ReceiptPath(projectId, batchId), Json.Bytes(settled), FileCondition.None, cancellation);
                written = settled;
            }
        }

        return null;
    }

    private async Task<HeldCounts> CountsAsync(string projectId, string batchId, CancellationToken cancellation)
    {
        Task<long> Count(string state) => documents.CountAsync(Query(projectId, batchId, state), cancellation);
        return new HeldCounts(await Count(HeldItem.Held), await Count(HeldItem.Released), await Count(HeldItem.Redacted), await Count(HeldItem.Dropped));
    }

    public static DocumentQuery Query(string projectId, string batchId, string state) => new(DocumentKind.Held)
    {
        ProjectId = projectId,
        Where = [new Filter.Equal("batchId", batchId), new Filter.Equal("state", state)],
        OrderBy = "line",
    };
}
