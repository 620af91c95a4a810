using HealthEval.Annotations;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Tests.TestHost;

/// <summary>A row of the table of what was tried to be lost, which <c>dotnet run ci.cs -- --long</c> prints.</summary>
/// <param name="Acknowledged">Answers that somebody got, or files that lay there whole.</param>
/// <param name="Lost">Of these, those that are not there.</param>
/// <param name="Doubled">Those that are there more than once, or more of them than there may be.</param>
/// <param name="Stuck">Those that were not brought to their end.</param>
internal sealed record Counted(string What, long Acknowledged, long Lost, long Doubled, long Stuck)
{
    /// <summary>Says it, and fails where it is not nothing.</summary>
    public void Verify()
    {
        Tell($"| {What} | {Acknowledged} | {Lost} | {Doubled} | {Stuck} |");
        Assert.Equal((0L, 0L, 0L), (Lost, Doubled, Stuck));
    }

    /// <summary>The same of judgements, before <c>RaceTests.VerifyAsync</c> says which of them it is.</summary>
    public static async Task JudgementsAsync(
        IDocumentStore store, string what, IReadOnlyCollection<(string Task, Guid Annotation, int Rater)> acknowledged, int? taskCount = null, int overlap = 0)
    {
        var tasks = await store.AllAsync<EvalTask>(new DocumentQuery(DocumentKind.Task) { Top = 1_000 }, default).Select(task => task.Value)
            .Where(task => task.ProjectId != Neighbour.ProjectId).ToListAsync();
        var annotations = await store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { Top = 1_000 }, default).Select(annotation => annotation.Value)
            .Where(annotation => annotation.ProjectId != Neighbour.ProjectId).ToListAsync();
        var byTask = annotations.ToLookup(annotation => annotation.TaskId);
        var stored = annotations.Select(annotation => (annotation.TaskId, annotation.AnnotationId)).ToHashSet();
        new Counted(
            what, acknowledged.Count,
            Lost: acknowledged.Count(ack => !stored.Contains((ack.Task, ack.Annotation.ToString()))),
            Doubled: tasks.Count(task => byTask[task.TaskId].Count() > task.Overlap) + byTask.Sum(group => group.Count() - group.Select(annotation => annotation.Rater).Distinct().Count()),
            Stuck: taskCount is { } most ? (most * overlap) - annotations.Count : 0).Verify();
    }

    public static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
