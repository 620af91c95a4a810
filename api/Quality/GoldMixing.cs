using HealthEval.Annotations;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Quality;

/// <summary>
/// Chooses the gold item that a person gets in between: half of them clean controls as far as there are any, in an order of the person's own, each at
/// most once, none that copies an item which they have judged.
/// </summary>
internal sealed class GoldMixing(IDocumentStore store, TimeProvider time)
{
    public async Task<string?> NextAsync(Project project, Person person, long served, CancellationToken cancellation)
    {
        if (project.GoldShare <= 0 || !GoldSchedule.IsDue(project.ProjectId, person.PersonId, project.GoldShare, served, out var run))
        {
            return null;
        }

        var lanes = TaskSearch.LanesOf(person);
        var judged = await JudgedAsync(project.ProjectId, person.PersonId, cancellation);
        var live = await store.AllAsync<GoldItem>(GoldItem.Of(project.ProjectId), cancellation).Select(gold => gold.Value)
            .Where(gold => gold.IsLive && lanes.Contains(gold.Lane) && !judged.Contains(gold.TaskId)).ToListAsync(cancellation);
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
}
