using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Annotations;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Tasks;

/// <summary>Sixty-four people at once, who abandon, repeat themselves and let leases run out, until every slot is filled.</summary>
public sealed class RaceTests
{
    private const int Raters = 64;
    private const int Overlap = 2;

    /// <summary>All the people, and as many tasks for each as they need to meet: fewer where each takes a dozen requests to a test server. With --long 10,000 slots.</summary>
    private static readonly int TaskCount = (TestStorage.IsAzure, Environment.GetEnvironmentVariable("HEALTHEVAL_LONG") is { Length: > 0 }) switch
    {
        (true, _) => 100,
        (false, false) => 400,
        (false, true) => 5_000,
    };

    [Fact]
    public async Task However_they_race_every_slot_is_filled_once_and_no_more()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("race", p => p with { Overlap = Overlap });
        await app.AddItemsAsync(project, Enumerable.Range(1, TaskCount).Select(n => Work.Item("race", n)));
        var acknowledged = new ConcurrentBag<(string Task, Guid Annotation, int Rater)>();

        await Parallel.ForAsync(0, Raters, new ParallelOptions { MaxDegreeOfParallelism = Raters }, async (rater, _) => await new Rater(app, rater, acknowledged).WorkAsync());

        await VerifyAsync(app.Store, acknowledged, TaskCount, Overlap);
    }

    /// <summary>One judgement to begin with, a second where it is grave and for a quarter of the rest, a third where the two disagree: decided in the commit, whoever races.</summary>
    [Fact]
    public async Task Overlap_that_grows_while_they_race_is_exact_too()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("race", p => p with { Overlap = 1, Quality = new HealthEval.Projects.QualitySettings(RepeatShare: 0, Rules: Quiet) });
        var tasks = Math.Max(60, TaskCount / 10); // enough for some to want a third
        await app.AddItemsAsync(project, Enumerable.Range(1, tasks).Select(n => Work.Item("race", n)));
        var acknowledged = new ConcurrentBag<(string Task, Guid Annotation, int Rater)>();

        await Parallel.ForAsync(0, Raters, new ParallelOptions { MaxDegreeOfParallelism = Raters }, async (rater, _) => await new Rater(app, rater, acknowledged, Varied).WorkAsync());

        await VerifyAsync(app.Store, acknowledged);
        var all = (await app.Store.AllAsync<EvalTask>(new DocumentQuery(DocumentKind.Task) { ProjectId = "race", Top = 1_000 }, default).ToListAsync()).ConvertAll(task => task.Value);
        var guideline = HealthEval.Guidelines.GuidelineLibrary.BuiltIn[0];
        foreach (var task in all)
        {
            var made = (await Adjudications.JudgementsAsync(app.Store, "race", task.TaskId, default)).OrderBy(one => task.Slots.ToList().FindIndex(slot => slot.AnnotationId == one.AnnotationId)).ToList();
            Assert.Equal(task.Overlap, task.Judged);
            Assert.InRange(task.Overlap, 1, 3);
            Assert.Equal(task.Overlap, Eyes.Wanted(task, made, guideline, project.Quality)); // nobody is missing
            Assert.True(task.Overlap < 3 || Eyes.Wanted(task with { Overlap = 2 }, made[..2], guideline, project.Quality) == 3, "a third judged where two agreed");
            Assert.True(task.Overlap < 2 || Eyes.Wanted(task with { Overlap = 1 }, made[..1], guideline, project.Quality) == 2, "a second judged where one was enough");
        }

        Assert.Equal([1, 2, 3], all.Select(task => task.Overlap).Distinct().Order());
    }

    private static Dictionary<string, string> Quiet => HealthEval.Projects.QualitySettings.DefaultActions.Keys.ToDictionary(rule => rule, _ => "off");

    /// <summary>Now and then something grave, or a score that the next one will not share.</summary>
    private static JsonNode Varied(Random random)
    {
        var judgement = Work.Judgement();
        judgement["ratings"]![0]!["clarity"] = random.Next(3, 6);
        judgement["harm"]![0]!["extent"] = random.Next(10) == 0 ? "moderate" : "none";
        if ((string)judgement["harm"]![0]!["extent"]! != "none")
        {
            judgement["harm"]![0]!["likelihood"] = "low";
            judgement["harm"]![0]!["mechanism"] = "commission";
        }

        return judgement;
    }

    /// <summary>The three promises: no task over its overlap, nobody twice on a task, every acknowledged submit there once.</summary>
    internal static async Task VerifyAsync(IDocumentStore store, IReadOnlyCollection<(string Task, Guid Annotation, int Rater)> acknowledged, int? taskCount = null, int overlap = Overlap)
    {
        var tasks = await store.AllAsync<EvalTask>(new DocumentQuery(DocumentKind.Task) { Top = 1_000 }, default).Select(task => task.Value)
            .Where(task => task.ProjectId != Neighbour.ProjectId).ToListAsync();
        var annotations = await store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { Top = 1_000 }, default).Select(annotation => annotation.Value)
            .Where(annotation => annotation.ProjectId != Neighbour.ProjectId).ToListAsync();
        var byTask = annotations.ToLookup(annotation => annotation.TaskId);

        Assert.All(tasks, task => Assert.True(byTask[task.TaskId].Count() <= task.Overlap, $"{task.TaskId} has more judgements than its overlap"));
        Assert.All(byTask, group => Assert.Equal(group.Count(), group.Select(annotation => annotation.Rater).Distinct().Count()));
        Assert.All(tasks, task => Assert.Equal(byTask[task.TaskId].Select(a => a.AnnotationId).Order(), task.Slots.Where(slot => slot.IsFilled).Select(slot => slot.AnnotationId!).Order()));
        var stored = annotations.CountBy(annotation => (annotation.TaskId, annotation.AnnotationId)).ToDictionary();
        Assert.All(acknowledged, ack => Assert.Equal(1, stored.GetValueOrDefault((ack.Task, ack.Annotation.ToString()))));
        if (taskCount is { } all)
        {
            Assert.Equal(all * overlap, annotations.Count);
            Assert.Equal(all * overlap, acknowledged.Count);
        }
    }

    private sealed class Rater(TestApp app, int number, ConcurrentBag<(string Task, Guid Annotation, int Rater)> acknowledged, Func<Random, JsonNode>? judge = null)
    {
        private readonly Random _random = new(number);

        public async Task WorkAsync()
        {
            using var client = await app.SignedInAsync(Roles.Annotator);
            var idle = 0;
            for (var turns = 0; idle < 3; turns++)
            {
                Assert.True(turns < 100 * TaskCount, "the work does not end");
                if (await client.NextAsync("race") is not { } next)
                {
                    idle++;
                    app.Time.Advance(TimeSpan.FromMinutes(31)); // whatever was abandoned becomes free, and live leases of others run out as well
                    continue;
                }

                idle = 0;
                await JudgeAsync(client, next);
            }
        }

        private async Task JudgeAsync(HttpClient client, JsonNode next)
        {
            var dice = _random.Next(100);
            if (dice < 4)
            {
                app.Time.Advance(TimeSpan.FromSeconds(20)); // walks away; a later search finds it again or somebody else does
            }
            else if (dice < 8)
            {
                await client.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"tasks/race/{next.TaskId()}/lease") { Content = Body.Of(new { leaseId = next.LeaseId(), reason = "technical" }) });
            }
            else
            {
                var annotation = Guid.NewGuid();
                var copies = dice < 16 ? 3 : 1; // impatient: the same submit several times at once
                var judgement = judge?.Invoke(_random) ?? Work.Judgement();
                var answers = await Task.WhenAll(Enumerable.Range(0, copies).Select(_ => client.SubmitAsync(next, judgement.DeepClone(), annotation)));
                if (answers.Any(answer => answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK))
                {
                    acknowledged.Add((next.TaskId(), annotation, number));
                }

                Assert.True(answers.Count(answer => answer.StatusCode == HttpStatusCode.Created) <= 1, "created twice");
                Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Conflict }));
            }
        }
    }
}
