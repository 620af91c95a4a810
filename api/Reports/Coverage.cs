using HealthEval.Batches;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Reports;

/// <summary>What a report is about: an ISO week, or a campaign, which is several weeks or only one batch or tag of them.</summary>
/// <param name="Key">In addresses and folders: <c>2026-W47</c>, or <c>c-</c> with the beginning of a hash.</param>
/// <param name="Name">In titles.</param>
/// <param name="Scope">Of a campaign; null for a week.</param>
internal sealed record Coverage(string Key, string Name, DateTimeOffset Start, DateTimeOffset End, CampaignScope? Scope = null)
{
    public bool IsWeek => Scope is null;

    public DateTimeOffset LastDay => End.AddDays(-1);

    /// <summary>"week 2026-W47", or what the campaign covers.</summary>
    public string Words => IsWeek ? $"week {Name}" : $"campaign {Name}";

    /// <summary>"this week" or "this campaign".</summary>
    public string This => IsWeek ? "this week" : "this campaign";

    public static implicit operator Coverage(IsoWeek week) => new(week.ToString(), week.ToString(), week.Start, week.End);

    public static Coverage Of(CampaignScope scope)
    {
        var (from, to) = (IsoWeek.Parse(scope.From)!.Value, IsoWeek.Parse(scope.To)!.Value);
        var parts = new[] { scope.From == scope.To ? scope.From : $"{scope.From} to {scope.To}", scope.Batch is null ? null : $"batch {scope.Batch}", scope.Tag is null ? null : $"tag {scope.Tag}" };
        var key = "c-" + Sha.OfParts("campaign", scope.From, scope.To, scope.Batch ?? "", scope.Tag ?? "")[..12];
        return new Coverage(key, string.Join(", ", parts.OfType<string>()), from.Start, to.End, scope);
    }

    /// <summary>Whether a task's judgements belong to it, by what its item is; when they were made is another question.</summary>
    public async ValueTask<bool> TakesAsync(IDocumentStore store, EvalTask task, CancellationToken cancellation) => Scope switch
    {
        null or { Batch: null, Tag: null } => true,
        { Tag: null } => task.BatchId == Scope.Batch,
        _ => await TakesAsync(store, task.ProjectId, task.TaskId, cancellation),
    };

    public async ValueTask<bool> TakesAsync(IDocumentStore store, string projectId, string taskId, CancellationToken cancellation) =>
        Scope is null or { Batch: null, Tag: null }
        || (await store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, taskId), cancellation) is { Value: var item } && Scope.Takes(item));

    public override string ToString() => Key;
}

/// <param name="From">The first ISO week.</param>
/// <param name="To">The last, included.</param>
/// <param name="Batch">Only items of this batch.</param>
/// <param name="Tag">Only items with this tag.</param>
internal sealed record CampaignScope(string From, string To, string? Batch = null, string? Tag = null)
{
    public bool Takes(EvalItem item) => (Batch is null || item.BatchId == Batch) && (Tag is null || item.Tags.Contains(Tag));
}
