using System.Security.Cryptography;
using System.Text;
using HealthEval.Annotations;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;

namespace HealthEval.Cli;

/// <summary>What the demo's simulated raters did before they judged, and what one of them asks, so that a lead's pages have something in them. All of it says that it is simulated.</summary>
internal static class DemoQuality
{
    public static async Task SeedAsync(IDocumentStore store, Project project, Guideline guideline, DateTimeOffset now, CancellationToken cancellation)
    {
        var before = now - TimeSpan.FromDays(15);
        var crew = await store.AllAsync<Person>(Person.Everybody, cancellation).Select(person => person.Value)
            .Where(person => person.Simulated && person.Is(Roles.Annotator) && person.Projects.Contains(project.ProjectId)).OrderBy(person => person.PersonId).ToListAsync(cancellation);
        foreach (var person in crew)
        {
            var key = Standing.Key(project.ProjectId, person.PersonId);
            var standing = (await store.FindAsync<Standing>(key, cancellation))?.Value ?? Standing.New(project.ProjectId, person.PersonId);
            await store.CommitAsync(new Write.Put(key, standing with { Steps = [.. Training(guideline, person.PersonId, before)] }), cancellation);
        }

        if (crew is [var first, ..])
        {
            var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{project.ProjectId} question")).AsSpan(0, 16)).ToString();
            var question = new Question(
                project.ProjectId, id, TaskId: null, project.Guideline, first.PersonId, first.Pseudonym, now - TimeSpan.FromHours(5),
                "Simulated question: the user asks about a product of another country. Do I judge by its label or by ours?");
            await store.CommitAsync(new Write.Put(Question.KeyOf(project.ProjectId, id), question), cancellation);
        }
    }

    private static IEnumerable<StepResult> Training(Guideline guideline, string personId, DateTimeOffset at)
    {
        var scales = Scales.Of(guideline);
        if (guideline.Quiz is { Count: > 0 } questions)
        {
            var missed = GoldSchedule.Draw(questions.Count, "quiz", personId);
            yield return new StepResult(
                ProductionPath.Quiz, guideline.Id, guideline.Version, scales, at, Passed: true, questions.Count - 1, questions.Count,
                Given: questions.Select((question, i) => (question, i)).ToDictionary(one => one.question.Id, one => one.i == missed ? one.question.Choices.First(choice => choice.Key != one.question.Answer).Key : one.question.Answer));
        }

        foreach (var item in guideline.Calibration ?? [])
        {
            int Near(string dimension, int score) => Math.Clamp(score + (int)GoldSchedule.Draw(3, "calibration", personId, item.Id, dimension) - 1, 1, 5);
            var form = new CalibrationForm(
                item.Ranges.Keys.ToDictionary(dimension => dimension, dimension => Near(dimension, item.Reference[dimension])), item.HarmExtents[0],
                [.. item.MustFind.Select(find => new CalibrationFinding(find.Codes[0], find.Quote))]);
            yield return form.Result(item, guideline, scales, at);
        }
    }
}
