using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using HealthEval.Audit;
using HealthEval.Batches;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Storage.Embedded;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.Configuration;

namespace HealthEval.Tests.Tasks;

/// <summary>The real process, killed at random moments while people submit, and started again.</summary>
public sealed class KillTests
{
    /// <summary>Twenty on request: dotnet run ci.cs -- --long.</summary>
    private static readonly int Rounds = Environment.GetEnvironmentVariable("HEALTHEVAL_LONG") is { Length: > 0 } ? 20 : 5;
    private const int Raters = 12;

    [Fact]
    public async Task Whatever_was_acknowledged_survives_every_kill_and_is_there_once()
    {
        var folder = Directory.CreateTempSubdirectory("healtheval-kill-").FullName;
        var database = Path.Combine(folder, "healtheval.db");
        var sessions = await PrepareAsync(database, Raters, tasks: 200 * Rounds);
        var raters = sessions.Select((session, number) => new Rater(number, session)).ToList();
        var random = new Random(7);
        var midway = 0;

        for (var round = 0; round < Rounds; round++)
        {
            using var program = await RealProcess.ServeAsync(folder);
            using var stop = new CancellationTokenSource();
            var work = Task.WhenAll(raters.Select(rater => rater.WorkAsync(program.Url, stop.Token)));
            await UntilAsync(raters, raters.Sum(rater => rater.Acknowledged.Count) + random.Next(5, 40));
            await Task.Delay(random.Next(0, 12));
            program.Kill();
            await stop.CancelAsync();
            await work;
            midway += raters.Count(rater => rater.Unanswered is not null);
        }

        var acknowledged = raters.SelectMany(rater => rater.Acknowledged).ToList();
        using (var store = new SqliteDocumentStore(database))
        {
            await Counted.JudgementsAsync(store, $"killed while {Raters} people judge, {Rounds} rounds", acknowledged);
            await RaceTests.VerifyAsync(store, acknowledged);
        }

        Assert.True(acknowledged.Count >= 5 * Rounds, $"too little was submitted to prove anything: {acknowledged.Count}");
        Assert.True(midway > 0, "no kill came between a submit and its answer");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Waits for work rather than for time, so that a slow machine proves as much as a fast one.</summary>
    private static Task UntilAsync(List<Rater> raters, int acknowledged) => Until.TrueAsync(
        $"{acknowledged} submits", () => Task.FromResult(raters.Sum(rater => rater.Acknowledged.Count) >= acknowledged), everyMilliseconds: 1);

    /// <summary>A project "kill" with tasks for three people each. Returns a session for each rater.</summary>
    internal static async Task<IReadOnlyList<string>> PrepareAsync(string database, int raters, int tasks, bool grows = true)
    {
        using var store = new SqliteDocumentStore(database);
        var project = Project.Default("kill", new GuidelineReference("healtheval", 1), DateTimeOffset.UtcNow) with { Overlap = 3, Quality = grows ? new QualitySettings(SecondShare: 0.5) : null };
        await store.CommitAsync(new Write.Create(Project.Key("kill"), project), default);
        var items = Enumerable.Range(1, tasks).Select(n => Work.Item("kill", n));
        await store.CommitManyAsync(
            [.. items.Select(item => (IReadOnlyList<Write>)
            [
                new Write.Create(item.Key(), item),
                new Write.Create(EvalTask.Key("kill", item.TaskId), EvalTask.New("kill", item.TaskId, item.PromptId, "b1", "general", "en", grows ? 3 - ((int)item.Line % 2 * 2) : 3, DateTimeOffset.UtcNow)), // every other one begins with one judgement, and grows
            ])],
            default);
        var trail = new AuditTrail(store, TimeProvider.System);
        var signIn = new SignIn(store, TimeProvider.System, trail, new ConfigurationBuilder().Build());
        var sessions = new List<string>();
        for (var i = 0; i < raters; i++)
        {
            var person = Someone.With(Roles.Annotator, "kill");
            await store.CommitAsync(new Write.Create(Person.Key(person.PersonId), person), default);
            sessions.Add((await signIn.UseAsync((await signIn.InviteAsync(person, by: null, Invite.Lifetime, default)).Token, default))!);
        }

        return sessions;
    }

    private sealed class Rater(int number, string session)
    {
        public ConcurrentBag<(string Task, Guid Annotation, int Rater)> Acknowledged { get; } = [];

        /// <summary>A submit that got no answer: it is sent again after the restart, as a browser would.</summary>
        public (JsonNode Next, Guid Annotation)? Unanswered { get; private set; }

        public async Task WorkAsync(string url, CancellationToken stop)
        {
            using var client = new HttpClient { BaseAddress = new Uri(url + "/api/"), Timeout = TimeSpan.FromSeconds(20) };
            client.DefaultRequestHeaders.Add("Cookie", $"{LocalAuthentication.Cookie}={session}");
            try
            {
                while (!stop.IsCancellationRequested)
                {
                    Unanswered ??= await client.NextAsync("kill") is { } next ? (next, Guid.NewGuid()) : throw new InvalidOperationException("The work ran out.");
                    var (task, annotation) = Unanswered.Value;
                    var answer = await client.SubmitAsync(task, Work.Judgement(), annotation);
                    if (answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK)
                    {
                        Acknowledged.Add((task.TaskId(), annotation, number));
                    }

                    Unanswered = null;
                }
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException or TaskCanceledException)
            {
                // the program was killed; what has no answer yet stays in Unanswered
            }
        }
    }
}
