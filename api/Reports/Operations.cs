using HealthEval.Agreement.Statistics;
using HealthEval.Batches;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Reports;

/// <summary>What was to be done and what was, as it stood when the week ended (or now, while it runs).</summary>
/// <param name="Days">Cumulative, at the end of each day (UTC).</param>
/// <param name="Judged">Tasks with a judgement by then.</param>
/// <param name="TwiceJudged">Of those, with two or more.</param>
/// <param name="Completed">Tasks of which the last wanted judgement came in this week.</param>
/// <param name="CycleHours">Of the completed tasks, from their file's arrival to that judgement, sorted.</param>
internal sealed record Operations(
    IReadOnlyList<OperationsDay> Days, int Tasks, int Judged, int TwiceJudged, int Completed, IReadOnlyList<double> CycleHours,
    int Files, int FailedFiles, long RecordsRead, long RecordsAccepted, long RecordsDuplicate, long RecordsRejected)
{
    public OperationsDay? Last => Days.Count == 0 ? null : Days[^1];

    /// <summary>Reads every task of the project once and keeps only counts.</summary>
    public static async Task<Operations> GatherAsync(IDocumentStore store, Project project, Coverage week, DateTimeOffset now, CancellationToken cancellation)
    {
        var batches = new Dictionary<string, Batch>(StringComparer.Ordinal);
        await foreach (var (batch, _) in store.AllAsync<Batch>(new DocumentQuery(DocumentKind.Batch) { ProjectId = project.ProjectId, Scope = Batch.Partition(project.ProjectId).Scope }, cancellation))
        {
            batches[batch.BatchId] = batch;
        }

        var tally = new OperationsTally(week, now);
        await foreach (var (task, _) in store.AllAsync<EvalTask>(new DocumentQuery(DocumentKind.Task) { ProjectId = project.ProjectId, Top = 500 }, cancellation))
        {
            if (await week.TakesAsync(store, task, cancellation))
            {
                tally.Add(task, batches.GetValueOrDefault(task.BatchId)?.ReceivedAt);
            }
        }

        return tally.Result([.. batches.Values.Where(b => (week.Scope?.Batch is null || b.BatchId == week.Scope.Batch) && b.ReceivedAt >= week.Start && b.ReceivedAt < tally.End)]);
    }
}

internal sealed record OperationsDay(DateOnly Day, int Planned, int Delivered);

/// <summary>Adds up tasks, in any order. Only what cannot change later counts: arrivals and judgements, not leases.</summary>
internal sealed class OperationsTally
{
    private readonly DateTimeOffset _start;
    private readonly int[] _planned;
    private readonly int[] _delivered;
    private readonly List<double> _hours = [];
    private int _tasks;
    private int _judged;
    private int _twice;

    public OperationsTally(Coverage week, DateTimeOffset now)
    {
        (_start, End) = (week.Start, now < week.End ? now : week.End);
        var days = Math.Clamp((int)Math.Ceiling((End - week.Start).TotalDays), 1, (int)(week.End - week.Start).TotalDays);
        (_planned, _delivered) = (new int[days], new int[days]);
    }

    /// <summary>Nothing from here on is counted.</summary>
    public DateTimeOffset End { get; }

    public void Add(EvalTask task, DateTimeOffset? received)
    {
        List<DateTimeOffset> submitted = [.. task.Slots.Where(s => s.IsFilled && s.SubmittedAt < End).Select(s => s.SubmittedAt!.Value).Order()];
        var begun = task.Slots.Where(s => s.IsFilled && s.SubmittedAt < End).Select(s => s.LeasedAt).Append(received ?? DateTimeOffset.MaxValue).Min();
        if (begun >= End)
        {
            return;
        }

        _tasks++;
        _judged += submitted.Count > 0 ? 1 : 0;
        _twice += submitted.Count > 1 ? 1 : 0;
        Count(_planned, begun, task.Overlap);
        submitted.ForEach(time => Count(_delivered, time, 1));
        if (submitted.Count >= task.Overlap && submitted[task.Overlap - 1] >= _start)
        {
            _hours.Add(Math.Round((submitted[task.Overlap - 1] - begun).TotalHours, 4));
        }
    }

    public Operations Result(IReadOnlyList<Batch> files)
    {
        var (planned, delivered, days) = (0, 0, new List<OperationsDay>());
        for (var day = 0; day < _planned.Length; day++)
        {
            (planned, delivered) = (planned + _planned[day], delivered + _delivered[day]);
            days.Add(new OperationsDay(DateOnly.FromDateTime(_start.UtcDateTime).AddDays(day), planned, delivered));
        }

        _hours.Sort();
        return new Operations(
            days, _tasks, _judged, _twice, _hours.Count, _hours, files.Count, files.Count(f => f.State == BatchState.Failed),
            files.Sum(f => f.Read), files.Sum(f => f.Accepted), files.Sum(f => f.Duplicate), files.Sum(f => f.Rejected));
    }

    /// <summary>What came before the week counts from its first day on.</summary>
    private void Count(int[] days, DateTimeOffset time, int number)
    {
        days[Math.Max(0, (int)Math.Floor((time - _start).TotalDays))] += number;
    }
}
