using System.Net;
using HealthEval.Annotations;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Quality;
using HealthEval.Storage;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Quality;

/// <summary>One's own items again, unmarked and not too soon.</summary>
public sealed class RepeatTests
{
    [Fact]
    public async Task Own_items_come_again_after_seven_days_at_their_share_and_each_once()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 2, Quality = new QualitySettings(RepeatShare: 0.1, SecondOnHarm: false, SecondShare: 0) });
        await app.AddItemsAsync(project, Enumerable.Range(1, 160).Select(n => Work.Item("p1", n)));
        using var rater = await app.SignedInAsync(Roles.Annotator);

        await JudgeAsync(rater, 40);
        Assert.Empty(await app.Store.AllAsync<Repeat>(Repeat.Of("p1"), default).ToListAsync()); // nothing is old enough
        app.Time.Advance(TimeSpan.FromDays(8));
        await JudgeAsync(rater, 100);

        var repeats = await app.Store.AllAsync<Repeat>(Repeat.Of("p1"), default).Select(repeat => repeat.Value).ToListAsync();
        var made = await app.Store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.AsideAnnotation) { ProjectId = "p1" }, default).Select(one => one.Value).ToListAsync();
        Assert.InRange(repeats.Count, 9, 11); // of a hundred
        Assert.Equal(repeats.Count, repeats.Select(repeat => repeat.SourceTaskId).Distinct().Count());
        Assert.Equal(repeats.Select(repeat => repeat.TaskId).Order(), made.Select(one => one.TaskId).Order());
        var first = await app.Store.AllAsync<Annotation>(new DocumentQuery(DocumentKind.Annotation) { ProjectId = "p1", Top = 500 }, default).ToDictionaryAsync(one => one.Value.TaskId, one => one.Value);
        Assert.All(repeats, repeat => Assert.True(made.First(one => one.TaskId == repeat.TaskId).SubmittedAt - first[repeat.SourceTaskId].SubmittedAt >= TimeSpan.FromDays(7)));
    }

    [Theory]
    [InlineData(0.08, 0.03)]
    [InlineData(0.1, 0)]
    [InlineData(0, 0.05)]
    [InlineData(0.25, 0.2)]
    public void Gold_and_repeats_each_have_their_share_and_neither_follows_the_other(double gold, double repeats)
    {
        const int Tasks = 4_000;
        var due = Enumerable.Range(0, Tasks).Where(n => GoldSchedule.IsDue("p1", "ana", gold + repeats, n, out _)).ToList();
        var ofGold = due.Count(n => GoldSchedule.IsDue("p1", "ana", gold + repeats, n, out var run) && GoldSchedule.IsGold(run, gold, repeats, out _));

        Assert.InRange(ofGold, (Tasks * gold) - 2, (Tasks * gold) + 2);
        Assert.InRange(due.Count - ofGold, (Tasks * repeats) - 2, (Tasks * repeats) + 2);
        Assert.DoesNotContain(due.Zip(due.Skip(1)), pair => pair.Second - pair.First == 1);
    }

    private static async Task JudgeAsync(HttpClient rater, int tasks)
    {
        for (var n = 0; n < tasks; n++)
        {
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync((await rater.NextAsync("p1"))!, Work.Judgement())).StatusCode);
        }
    }
}
