using HealthEval.Guidelines;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

/// <summary>
/// A changed number of judgements also for the tasks that still wait for some. A project's own number is that of new tasks; complete tasks keep theirs.
/// </summary>
internal sealed class OpenTasksOverlap(IDocumentStore store, GuidelineLibrary guidelines, TimeProvider time)
{
    private const int Attempts = 20;

    /// <summary>What it would add or save; nothing is changed.</summary>
    public async Task<OverlapEffect> EffectAsync(string projectId, int overlap, CancellationToken cancellation)
    {
        var effect = new OverlapEffect(overlap, 0, 0, 0, 0);
        await foreach (var (task, _) in OpenAsync(projectId, cancellation))
        {
            effect = effect.With(task, task.WithOverlap(overlap, time.GetUtcNow()));
        }

        return effect;
    }

    /// <summary>Task by task; whoever is stopped half-way can ask again, and is told what was left to do.</summary>
    public async Task<OverlapEffect> ApplyAsync(string projectId, int overlap, CancellationToken cancellation)
    {
        var effect = new OverlapEffect(overlap, 0, 0, 0, 0);
        await foreach (var (task, _) in OpenAsync(projectId, cancellation))
        {
            effect = effect.With(task, await ChangeAsync(projectId, task.TaskId, overlap, cancellation));
        }

        return effect;
    }

    private IAsyncEnumerable<Stored<EvalTask>> OpenAsync(string projectId, CancellationToken cancellation) =>
        store.AllAsync<EvalTask>(new DocumentQuery(DocumentKind.Task) { ProjectId = projectId, Top = 500 }, cancellation).Where(task => task.Value.Judged < task.Value.Overlap && task.Value.Stopped is null);

    private async Task<EvalTask?> ChangeAsync(string projectId, string taskId, int overlap, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (key, now) = (EvalTask.Key(projectId, taskId), time.GetUtcNow());
            if (await store.FindAsync<EvalTask>(key, cancellation) is not { } found || found.Value.WithOverlap(overlap, now) is not { } changed)
            {
                return null;
            }

            Write[] writes = [new Write.Replace(key, changed, found.ETag), .. await CaseAsync(changed, now, cancellation)];
            if ((await store.CommitAsync(writes, cancellation)).Succeeded)
            {
                return changed;
            }
        }

        throw new IOException("The task is being changed by too many at once.");
    }

    /// <summary>A task that fewer judgements make complete is looked at as after a last judgement: where they disagree, there is a case.</summary>
    private async Task<IReadOnlyList<Write>> CaseAsync(EvalTask task, DateTimeOffset now, CancellationToken cancellation)
    {
        if (task.Judged < task.Overlap || await store.FindAsync<EvalTask>(WorkQueue.Cases.Key(task.ProjectId, task.TaskId), cancellation) is not null)
        {
            return [];
        }

        var judgements = await Adjudications.JudgementsAsync(store, task.ProjectId, task.TaskId, cancellation);
        return judgements.MaxBy(judgement => judgement.SubmittedAt)?.Guideline is { } last && await guidelines.FindAsync(last.Id, last.Version, cancellation) is { } guideline && Disputes.Of(judgements, guideline).Count > 0 ? [Adjudications.Open(task, now)] : [];
    }
}

/// <param name="Overlap">The number that was asked for.</param>
/// <param name="Open">Tasks that wait for judgements.</param>
/// <param name="Changed">Of those, the ones that ask for another number then.</param>
/// <param name="Adds">Judgements more.</param>
/// <param name="Saves">Judgements fewer; less than one might think where some are there already or being made.</param>
internal sealed record OverlapEffect(int Overlap, int Open, int Changed, int Adds, int Saves)
{
    public OverlapEffect With(EvalTask before, EvalTask? after) => after is null
        ? this with { Open = Open + 1 }
        : this with { Open = Open + 1, Changed = Changed + 1, Adds = Adds + Math.Max(0, after.Overlap - before.Overlap), Saves = Saves + Math.Max(0, before.Overlap - after.Overlap) };
}
