using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Oversight;

/// <summary>
/// How far a batch is and when it may be finished. Items are counted by an index; what needs the tasks themselves is read from at most
/// <see cref="MostTasks"/> of them, and the answer says when there are more.
/// </summary>
/// <param name="Items">All of the batch.</param>
/// <param name="Looked">So many of them were read for everything below.</param>
/// <param name="Wanted">Judgements that the tasks looked at ask for; those of stopped tasks are not asked for.</param>
/// <param name="Place">Where it stands in the order of work, if a lead has said so.</param>
/// <param name="Pace">Judgements of this batch a day, over the last days.</param>
internal sealed record BatchProgress(
    string BatchId, string File, long Items, int Looked, IReadOnlyDictionary<string, int> States, int Wanted, int Judged, IReadOnlyList<ModelProgress> Models, BatchPace Pace, Act? Withdrawn,
    string? Place = null)
{
    public const int MostTasks = 5_000;

    /// <summary>Judgements of the project that the pace is read from.</summary>
    private const int MostJudgements = 1_000;
    private const int ReadsAtOnce = 32;

    public static async Task<BatchProgress?> ReadAsync(IDocumentStore store, string projectId, string batchId, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await store.FindAsync<Batch>(Batch.Key(projectId, batchId), cancellation) is not { Value: var batch })
        {
            return null;
        }

        var query = TasksOf(projectId, batchId);
        var tasks = await store.AllAsync<EvalTask>(query with { Top = 500 }, cancellation).Select(task => task.Value).Take(MostTasks).ToListAsync(cancellation);
        var days = await DaysAsync(store, projectId, batchId, now, cancellation);
        var open = tasks.Where(task => task.Stopped is null).ToList();
        var withdrawn = (await store.AllAsync<Act>(Act.OfTask(projectId, batchId), cancellation).Select(act => act.Value).Where(act => act.Kind is "withdraw" or "bring_back").ToListAsync(cancellation)).MaxBy(act => act.At);
        return new BatchProgress(
            batchId, batch.File, await store.CountAsync(query, cancellation), tasks.Count,
            tasks.CountBy(StateOf).ToDictionary(), open.Sum(task => task.Overlap), open.Sum(task => task.Judged),
            [.. ModelProgress.Of(open)], BatchPace.Of(days, open.Sum(task => task.Overlap - task.Judged)), withdrawn?.Kind == "withdraw" ? withdrawn : null,
            (await store.FindAsync<Project>(Project.Key(projectId), cancellation))?.Value.Routing?.Batches?.GetValueOrDefault(batchId));
    }

    public static DocumentQuery TasksOf(string projectId, string batchId) =>
        new(DocumentKind.Task) { ProjectId = projectId, Where = [new Filter.Equal("batchId", batchId)], OrderBy = "rank" };

    /// <summary>Without its case: judged is judged, settled or not.</summary>
    private static string StateOf(EvalTask task) => ItemState.Of(task, case_: null);

    /// <summary>Judgements of the batch on each of the last days (UTC), the day that is not over left out.</summary>
    private static async Task<IReadOnlyList<int>> DaysAsync(IDocumentStore store, string projectId, string batchId, DateTimeOffset now, CancellationToken cancellation)
    {
        var until = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var from = until.AddDays(-BatchPace.Days);
        var query = new DocumentQuery(DocumentKind.Annotation)
        {
            ProjectId = projectId,
            Where = [new Filter.Range("submittedAt", Json.Stamp(from), Json.Stamp(until))],
            OrderBy = "submittedAt",
            Descending = true,
            Top = 500,
        };
        var made = await store.AllAsync<Annotation>(query, cancellation).Select(stored => stored.Value).Take(MostJudgements).ToListAsync(cancellation);
        var counts = new SortedDictionary<int, int>();
        foreach (var some in made.Chunk(ReadsAtOnce))
        {
            var tasks = await Task.WhenAll(some.Select(one => store.FindAsync<EvalTask>(EvalTask.Key(projectId, one.TaskId), cancellation)));
            foreach (var one in some.Zip(tasks).Where(pair => pair.Second?.Value.BatchId == batchId).Select(pair => pair.First))
            {
                var day = (int)(one.SubmittedAt - from).TotalDays;
                counts[day] = counts.GetValueOrDefault(day) + 1;
            }
        }

        if (counts.Count == 0)
        {
            return [];
        }

        var first = made.Count == MostJudgements ? (int)(made[^1].SubmittedAt - from).TotalDays + 1 : counts.First().Key; // the day that was cut into is not whole
        return [.. Enumerable.Range(first, Math.Max(0, BatchPace.Days - first)).Select(day => counts.GetValueOrDefault(day))];
    }
}

/// <summary>Items that hold an answer of one model.</summary>
internal sealed record ModelProgress(string Model, int Items, int Wanted, int Judged)
{
    public static IEnumerable<ModelProgress> Of(IEnumerable<EvalTask> tasks) => tasks
        .SelectMany(task => (task.Models ?? []).Select(model => (Model: model, Task: task)))
        .GroupBy(one => one.Model, StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => new ModelProgress(group.Key, group.Count(), group.Sum(one => one.Task.Overlap), group.Sum(one => one.Task.Judged)));
}

/// <summary>When what is left may be done at the pace of the last days.</summary>
/// <param name="PerDay">Mean over <paramref name="Whole"/> days since the first judgement, at most the last fourteen; null without one.</param>
/// <param name="Deviation">Between days.</param>
/// <param name="DaysLeft">At the mean pace, with the days at its lower and upper 95 % limit; null with the reason in <paramref name="Undefined"/>.</param>
internal sealed record BatchPace(double? PerDay, double? Deviation, int Whole, int Left, double? DaysLeft, double? Soonest, double? Latest, string? Undefined)
{
    public const int Days = 14;
    public const int Fewest = 3;

    public static BatchPace Of(IReadOnlyList<int> days, int left)
    {
        if (days.Count < Fewest)
        {
            return new BatchPace(days.Count == 0 ? null : days.Average(), null, days.Count, left, null, null, null, $"fewer than {Fewest} whole days since the first judgement");
        }

        var mean = days.Average();
        var deviation = Math.Sqrt(days.Sum(day => (day - mean) * (day - mean)) / (days.Count - 1));
        var half = Agreement.Statistics.Distributions.StudentQuantile(0.975, days.Count - 1) * deviation / Math.Sqrt(days.Count);
        return mean == 0
            ? new BatchPace(0, deviation, days.Count, left, null, null, null, "nobody judged it on these days")
            : new BatchPace(mean, deviation, days.Count, left, left / mean, left / (mean + half), mean > half ? left / (mean - half) : null, null);
    }
}
