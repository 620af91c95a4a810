using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary>Settles every other case that waits, so that figures show something and people find something to do. Every record says that it is simulated.</summary>
internal static class SimulatedAdjudicator
{
    public static async Task RunAsync(IDocumentStore store, GuidelineLibrary guidelines, TimeProvider time, Project project, int seed, CancellationToken cancellation)
    {
        var id = $"simulated-{project.ProjectId}-{seed}-adjudicator";
        var credential = new Credential("MD", 20, Vocabulary.Subdomains, [.. project.Languages.Append("en").Distinct()]);
        var person = new Person(id, $"Simulated adjudicator (seed {seed})", Email: null, PersonForm.PseudonymOf(id), [Roles.Adjudicator], [project.ProjectId], credential, Active: true, Simulated: true, time.GetUtcNow());
        await store.CommitAsync(new Write.Put(Person.Key(id), person), cancellation);
        var adjudications = new Adjudications(store, guidelines, time);
        for (var left = (await Adjudications.ProgressAsync(store, project.ProjectId, cancellation)).Waiting / 2; left > 0; left--)
        {
            if (await adjudications.Assignment.NextAsync(project, person, [], cancellation) is not var (task, slot))
            {
                return;
            }

            var guideline = (await guidelines.FindAsync(slot.Guideline.Id, slot.Guideline.Version, cancellation))!;
            var open = (await adjudications.FindAsync(task.ProjectId, task.TaskId, id, guideline, cancellation))!;
            var made = new Guid(Convert.FromHexString(Sha.OfParts("simulated adjudication", seed.ToString(), task.TaskId)[..32])).ToString();
            var result = await adjudications.SettleAsync(task.ProjectId, task.TaskId, made, slot.LeaseId, [.. open.Points.Select(point => Decide(open, point))], person, session: null, cancellation);
            if (result is not AdjudicationResult.Recorded)
            {
                throw new InvalidOperationException($"A simulated adjudication was refused: {result}.");
            }
        }
    }

    /// <summary>The first judgement that says something; flags and doubts change nothing.</summary>
    private static Decision Decide(OpenCase open, Dispute point)
    {
        var first = point.Values.TakeWhile(value => value is null).Count();
        return point.Kind == "case"
            ? new Decision(point.KeyFor(open.LetterOf(point.ResponseId)), "Simulated decision.", Value: Dispute.Stands)
            : new Decision(point.KeyFor(open.LetterOf(point.ResponseId)), "Simulated decision.", Judgement: first + 1);
    }
}
