using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Oversight;

/// <summary>
/// Looks for items, page by page. A request looks at a bounded number of tasks, whatever there are and however few of them fit: a page may be short,
/// or empty, and says how many were looked at and where to go on. Tasks come in the order of their ids, those of a batch in the order of the queue.
/// </summary>
internal sealed class ItemSearch(IDocumentStore store)
{
    public const int PageSize = 50;

    /// <summary>Tasks that one request looks at; fewer where their texts have to be read.</summary>
    private const int MostTasks = 2_000;
    private const int MostItems = 300;
    private const int Chunk = 100;
    private const int ReadsAtOnce = 32;

    public async Task<ItemPage> FindAsync(string projectId, ItemFilter filter, string? continuation, CancellationToken cancellation)
    {
        var query = QueryOf(projectId, filter);
        var (found, looked, most) = (new List<ItemLine>(), 0, filter.AsksOfItem ? MostItems : MostTasks);
        do
        {
            var page = await store.QueryAsync<EvalTask>(query with { Top = filter.IsPlain ? PageSize : Chunk }, continuation, cancellation);
            continuation = page.Continuation;
            var lines = await LinesAsync(projectId, filter, [.. page.Documents.Select(stored => stored.Value)], cancellation);
            foreach (var (task, line) in page.Documents.Select(stored => stored.Value).Zip(lines))
            {
                looked++;
                if (line is not null)
                {
                    found.Add(line);
                }

                if (found.Count == PageSize)
                {
                    var last = page.Documents[^1].Value == task && page.Continuation is null;
                    return new ItemPage(found, looked, last ? null : After(query, task));
                }
            }
        }
        while (continuation is not null && looked < most);

        return new ItemPage(found, looked, continuation);
    }

    /// <summary>How many there are in the project, or in the batch: counted by an index. Other filters are not counted.</summary>
    public Task<long> CountAsync(string projectId, string? batch, CancellationToken cancellation) => store.CountAsync(QueryOf(projectId, new ItemFilter(Batch: batch)), cancellation);

    /// <summary>One item in short; null when there is none.</summary>
    public async Task<ItemLine?> LineAsync(string projectId, string taskId, CancellationToken cancellation) =>
        await store.FindAsync<EvalTask>(EvalTask.Key(projectId, taskId), cancellation) is { Value: var task } ? await LineAsync(projectId, new ItemFilter(), task, cancellation) : null;

    private static DocumentQuery QueryOf(string projectId, ItemFilter filter) => filter switch
    {
        { State: ItemState.InAdjudication or ItemState.Settled } => new DocumentQuery(DocumentKind.Case) { ProjectId = projectId },
        { Batch: { } batch } => new DocumentQuery(DocumentKind.Task) { ProjectId = projectId, Where = [new Filter.Equal("batchId", batch)], OrderBy = "rank" },
        _ => new DocumentQuery(DocumentKind.Task) { ProjectId = projectId },
    };

    private static string After(DocumentQuery query, EvalTask task) => new Continuation(task.TaskId, task.TaskId, query.OrderBy is null ? null : task.Rank).ToString();

    private async Task<IReadOnlyList<ItemLine?>> LinesAsync(string projectId, ItemFilter filter, IReadOnlyList<EvalTask> tasks, CancellationToken cancellation)
    {
        var lines = new List<ItemLine?>();
        foreach (var some in tasks.Chunk(ReadsAtOnce))
        {
            lines.AddRange(await Task.WhenAll(some.Select(task => LineAsync(projectId, filter, task, cancellation))));
        }

        return lines;
    }

    /// <summary>From what costs least to what costs most; null as soon as something does not fit.</summary>
    private async Task<ItemLine?> LineAsync(string projectId, ItemFilter filter, EvalTask found, CancellationToken cancellation)
    {
        if (!filter.Fits(found) && !filter.AsksForFindings)
        {
            return null;
        }

        var fromCase = filter.State is ItemState.InAdjudication or ItemState.Settled;
        var task = fromCase ? (await store.FindAsync<EvalTask>(EvalTask.Key(projectId, found.TaskId), cancellation))?.Value : found;
        if (task is null || !filter.Fits(task))
        {
            return null;
        }

        var case_ = fromCase ? found : task.Judged >= task.Overlap ? (await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(projectId, task.TaskId), cancellation))?.Value : null;
        var state = ItemState.Of(task, case_);
        if (filter.State is { } wanted && wanted != state)
        {
            return null;
        }

        var findings = task.Judged == 0 ? null : task.Findings ?? (await Adjudications.JudgementsAsync(store, projectId, task.TaskId, cancellation)).Found();
        if (filter.AsksForFindings && (findings is null || !filter.Fits(findings)))
        {
            return null;
        }

        return await store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, task.TaskId), cancellation) is { Value: var item } && filter.Fits(item) ? ItemLine.Of(task, item, state, findings) : null;
    }
}

/// <param name="Looked">How many tasks were looked at for this page.</param>
/// <param name="Continuation">Where to go on; null when everything was looked at.</param>
internal sealed record ItemPage(IReadOnlyList<ItemLine> Items, int Looked, string? Continuation)
{
    /// <summary>Of the project or the batch; null where other filters are set.</summary>
    public long? Total { get; init; }
}

/// <param name="Held">How many hold it now and have not finished.</param>
/// <param name="Stopped">cancelled or withdrawn.</param>
internal sealed record ItemLine(
    string TaskId, string State, string BatchId, long Line, string PromptId, string? ItemId, string Subdomain, string Language, string Risk, IReadOnlyList<string> Models, string Asked,
    int Overlap, int Judged, int Held, string? Stopped, TaskFindings? Findings)
{
    private const int LongestAsked = 160;

    public static ItemLine Of(EvalTask task, EvalItem item, string state, TaskFindings? findings)
    {
        var asked = item.Messages.LastOrDefault(message => message.Role == "user")?.Content ?? "";
        return new ItemLine(
            task.TaskId, state, task.BatchId, item.Line, item.PromptId, item.ItemId, item.Subdomain, item.Language, item.RiskTier,
            [.. item.Responses.Select(response => response.Model).OfType<string>().Distinct()],
            asked.Length > LongestAsked ? string.Concat(asked.AsSpan(0, char.IsHighSurrogate(asked[LongestAsked - 1]) ? LongestAsked - 1 : LongestAsked), "…") : asked,
            task.Overlap, task.Judged, task.Slots.Count(slot => !slot.IsFilled), task.Stopped?.Kind, findings);
    }
}
