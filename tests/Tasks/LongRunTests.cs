using System.Collections.Concurrent;
using System.Net;
using HealthEval.People;
using HealthEval.Storage.Embedded;
using HealthEval.Tests.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Tasks;

/// <summary>Two programs on one store, and a clock that nobody can rely on. Longer on request: dotnet run ci.cs -- --long.</summary>
public sealed class LongRunTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("HEALTHEVAL_LONG") is { Length: > 0 };

    [Fact]
    public async Task Two_programs_on_one_store_give_every_place_once()
    {
        Assert.SkipWhen(TestStorage.IsAzure, "This is about the embedded store.");
        using var folder = new TempFolder();
        var database = folder["healtheval.db"];
        var (raters, tasks) = IsLong ? (64, 1_000) : (16, 60);
        var sessions = await KillTests.PrepareAsync(database, raters, tasks, grows: false);
        var acknowledged = new ConcurrentBag<(string Task, Guid Annotation, int Rater)>();
        using (var first = await RealProcess.ServeAsync(folder.Path))
        using (var second = await RealProcess.ServeAsync(folder.Path))
        {
            await Parallel.ForAsync(0, raters, new ParallelOptions { MaxDegreeOfParallelism = raters }, async (rater, _) =>
                await AlternateAsync([Client(first, sessions[rater]), Client(second, sessions[rater])], rater, acknowledged));
        }

        using var store = new SqliteDocumentStore(database);
        await Counted.JudgementsAsync(store, $"{raters} people, two programs on one store", acknowledged, tasks, overlap: 3);
        await RaceTests.VerifyAsync(store, acknowledged, tasks, overlap: 3);
    }

    [Fact]
    public async Task A_clock_that_jumps_by_up_to_four_hundred_days_either_way_loses_doubles_and_starves_nothing()
    {
        await using var app = await TestApp.StartAsync();
        var (raters, tasks) = IsLong ? (24, 1_000) : (8, 40);
        var project = await app.AddProjectAsync("race", p => p with { Overlap = 2 });
        await app.AddItemsAsync(project, Enumerable.Range(1, tasks).Select(n => Work.Item("race", n)));
        var (start, random, jumps) = (app.Time.GetUtcNow(), new Random(5), 0);
        var people = Enumerable.Range(0, raters).Select(_ => Someone.With(Roles.Annotator)).ToList();
        var acknowledged = new List<(string Task, Guid Annotation, int Rater)>();
        for (var round = 0; round < 60 * tasks && acknowledged.Count < 2 * tasks; round++)
        {
            if (round % 7 == 0)
            {
                app.Time.Set(start.AddDays(random.Next(-400, 401)));
                jumps++;
            }

            var rater = random.Next(raters);
            using var client = await app.SignedInAsync(people[rater]); // sessions from another time are over
            if (await client.NextAsync("race") is not { } next)
            {
                continue;
            }

            if (random.Next(10) == 0)
            {
                continue; // walks away, and holds it until some other time
            }

            if (random.Next(10) == 0)
            {
                app.Time.Set(start.AddDays(random.Next(-400, 401))); // between the question and the answer
                jumps++;
            }

            var annotation = Guid.NewGuid();
            var answer = await client.SubmitAsync(next, Work.Judgement(), annotation);
            if (answer.StatusCode is HttpStatusCode.Created)
            {
                acknowledged.Add((next.TaskId(), annotation, rater));
            }

            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.Unauthorized });
        }

        await Counted.JudgementsAsync(app.Store, $"{jumps} jumps of the clock within ±400 days", acknowledged, tasks, overlap: 2);
        await RaceTests.VerifyAsync(app.Store, acknowledged, tasks, overlap: 2); // which counts that nothing is left either
    }

    private static HttpClient Client(RealProcess program, string session)
    {
        var client = new HttpClient { BaseAddress = new Uri(program.Url + "/api/"), Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Add("Cookie", $"{LocalAuthentication.Cookie}={session}");
        return client;
    }

    /// <summary>Takes from one and hands in at the other; now and then the same at both at once.</summary>
    private static async Task AlternateAsync(HttpClient[] at, int rater, ConcurrentBag<(string Task, Guid Annotation, int Rater)> acknowledged)
    {
        var random = new Random(rater);
        for (var idle = 0; idle < 3;)
        {
            if (await at[random.Next(2)].NextAsync("kill") is not { } next)
            {
                idle++;
                continue;
            }

            idle = 0;
            var annotation = Guid.NewGuid();
            var answers = await Task.WhenAll((random.Next(8) == 0 ? at : [at[random.Next(2)]]).Select(client => client.SubmitAsync(next, Work.Judgement(), annotation)));
            Assert.Contains(answers, answer => answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK);
            acknowledged.Add((next.TaskId(), annotation, rater));
        }

        Array.ForEach(at, client => client.Dispose());
    }
}
