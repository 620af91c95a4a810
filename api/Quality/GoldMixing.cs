using HealthEval.Annotations;
using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Quality;

/// <summary>
/// Chooses what a person gets in between: a gold item, half of them clean controls as far as there are any, in an order of the person's own, each at
/// most once, none that copies an item which they have judged or whose reference they brought in; or one of their own items again. Whoever is being examined gets gold items alone.
/// </summary>
internal sealed class GoldMixing(IDocumentStore store, GuidelineLibrary guidelines, Standings standings, TimeProvider time)
{
    public async Task<string?> NextAsync(Project project, Person person, long served, CancellationToken cancellation)
    {
        var repeats = project.Quality?.RepeatShare ?? 0;
        if (project.Quality?.Qualification == true && await IsExaminedAsync(project, person, cancellation))
        {
            return await GoldAsync(project, person, served, cancellation);
        }

        if (!GoldSchedule.IsDue(project.ProjectId, person.PersonId, project.GoldShare + repeats, served, out var run))
        {
            return null;
        }

        return GoldSchedule.IsGold(run, project.GoldShare, repeats, out var number)
            ? await GoldAsync(project, person, number, cancellation)
            : await RepeatAsync(project, person, project.Quality!.RepeatAfterDays, cancellation);
    }

    private async Task<bool> IsExaminedAsync(Project project, Person person, CancellationToken cancellation) =>
        await guidelines.FindAsync(project.Guideline.Id, project.Guideline.Version, cancellation) is { } guideline
        && ProductionPath.Next(project.Quality, guideline, await standings.FindAsync(project.ProjectId, person.PersonId, cancellation)) == ProductionPath.Qualification;

    private async Task<string?> GoldAsync(Project project, Person person, long run, CancellationToken cancellation)
    {
        var lanes = TaskSearch.LanesOf(person);
        var judged = await JudgedAsync(project.ProjectId, person.PersonId, cancellation);
        var all = await store.AllAsync<GoldItem>(GoldItem.Of(project.ProjectId), cancellation).Select(gold => gold.Value).ToListAsync(cancellation);
        var seen = all.Where(gold => judged.Contains(gold.TaskId)).Select(gold => gold.GoldId).ToHashSet(StringComparer.Ordinal); // whatever the version
        var live = all.Where(gold => gold.IsLive && lanes.Contains(gold.Lane) && !seen.Contains(gold.GoldId) && gold.AddedBy != person.PersonId);
        var clean = GoldSchedule.Draw(2, "control", project.ProjectId, person.PersonId, $"{run / 2}") == run % 2; // of two in a row one is a control
        var order = live.OrderBy(gold => gold.Clean != clean).ThenBy(gold => Sha.OfParts(person.PersonId, gold.TaskId), StringComparer.Ordinal);
        foreach (var gold in order)
        {
            if (await FitsAsync(gold, person.PersonId, cancellation))
            {
                return gold.TaskId;
            }
        }

        return null;
    }

    private async Task<bool> FitsAsync(GoldItem gold, string rater, CancellationToken cancellation)
    {
        var source = await store.FindAsync<EvalTask>(EvalTask.Key(gold.ProjectId, gold.SourceTaskId), cancellation);
        var copy = await store.FindAsync<EvalTask>(GoldItem.TaskKey(gold), cancellation);
        return source?.Value.SlotOf(rater) is null && copy?.Value.IsFor(rater, time.GetUtcNow()) == true;
    }

    private async Task<HashSet<string>> JudgedAsync(string projectId, string rater, CancellationToken cancellation) =>
        [.. await store.AllAsync<Annotation>(Gold.JudgementsOf(projectId, rater), cancellation).Select(made => made.Value.TaskId).ToListAsync(cancellation)];

    /// <summary>The oldest of the person's own that is old enough and has not come again. Every item comes again at most once.</summary>
    private async Task<string?> RepeatAsync(Project project, Person person, int days, CancellationToken cancellation)
    {
        var (projectId, rater, now) = (project.ProjectId, person.PersonId, time.GetUtcNow());
        var made = await store.AllAsync<Repeat>(Repeat.Of(projectId, rater), cancellation).ToDictionaryAsync(repeat => repeat.Value.SourceTaskId, repeat => repeat.Value, cancellationToken: cancellation);
        var old = new DocumentQuery(DocumentKind.Annotation)
        {
            ProjectId = projectId,
            Where = [new Filter.Equal("rater", rater), new Filter.Range("submittedAt", null, Json.Stamp(now - TimeSpan.FromDays(days)))],
            OrderBy = "submittedAt",
            Top = 100,
        };
        await foreach (var (before, _) in store.AllAsync<Annotation>(old, cancellation))
        {
            if (made.TryGetValue(before.TaskId, out var offered))
            {
                if (await store.FindAsync<EvalTask>(WorkQueue.Tasks.AsideKey(projectId, offered.TaskId)!.Value, cancellation) is { Value: var task } && task.IsFor(rater, now))
                {
                    return offered.TaskId; // it was handed out and given back
                }
            }
            else if (await store.FindAsync<EvalItem>(EvalItem.KeyOf(projectId, before.TaskId), cancellation) is { Value: var item } && item.ContentSha256 == before.ItemSha256)
            {
                return await MakeAsync(new Repeat(projectId, rater, Repeat.TaskIdOf(projectId, rater, before.TaskId), before.TaskId, before.AnnotationId, now), item, now, cancellation);
            }
        }

        return null;
    }

    /// <summary>The copy first: what is listed as a repeat can be handed out.</summary>
    private async Task<string> MakeAsync(Repeat repeat, EvalItem item, DateTimeOffset now, CancellationToken cancellation)
    {
        await store.CommitAsync(repeat.Writes(item, now), cancellation);
        await store.CommitAsync(new Write.Put(repeat.Key(), repeat), cancellation);
        return repeat.TaskId;
    }
}
