using System.Net;
using HealthEval.Guidelines;
using HealthEval.People;
using HealthEval.Projects;
using HealthEval.Storage;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;

namespace HealthEval.Tests.Annotations;

public sealed class OverlapTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 18, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_task_asks_for_what_is_there_or_being_made_at_least()
    {
        var open = Task(judged: 1, leased: 1, overlap: 3);
        Assert.Equal((2, null), (open.WithOverlap(1, Now)!.Overlap, open.WithOverlap(1, Now)!.OpenRank)); // one is there, one is being made
        Assert.Equal(4, open.WithOverlap(4, Now)!.Overlap);
        Assert.Null(open.WithOverlap(3, Now));
        Assert.Null(Task(judged: 2, leased: 0, overlap: 2).WithOverlap(5, Now)); // complete
        var closed = Task(judged: 1, leased: 1, overlap: 2);
        var reopened = closed.WithOverlap(3, Now.AddMinutes(1))!;
        Assert.Null(closed.OpenRank);
        Assert.True(string.CompareOrdinal(reopened.OpenRank, closed.Rank) > 0); // behind those who have passed it
    }

    [Fact]
    public async Task A_lead_is_told_what_it_adds_or_saves_and_open_tasks_change_only_when_asked()
    {
        await using var app = await TestApp.StartAsync();
        await app.AddProjectAsync("p1", p => p with { Overlap = 2 });
        foreach (var (judged, number) in new[] { (0, 1), (1, 2), (2, 3) })
        {
            await app.Store.CommitAsync(new Write.Put(EvalTask.Key("p1", $"t{number}"), Task(judged, 0, 2) with { TaskId = $"t{number}" }), default);
        }

        var lead = await app.SignedInAsync(Roles.Lead);
        var more = await (await lead.GetAsync("projects/p1/open-tasks/overlap/5")).JsonAsync();
        Assert.Equal((2, 2, 6, 0), ((int)more["open"]!, (int)more["changed"]!, (int)more["adds"]!, (int)more["saves"]!));
        Assert.Equal(2, (await app.Store.FindAsync<EvalTask>(EvalTask.Key("p1", "t1"), default))!.Value.Overlap);
        var fewer = await (await lead.PostAsync("projects/p1/open-tasks/overlap/1", null)).JsonAsync();
        Assert.Equal((2, 2, 0, 2), ((int)fewer["open"]!, (int)fewer["changed"]!, (int)fewer["adds"]!, (int)fewer["saves"]!));
        Assert.Equal([1, 1, 2], await new[] { 1, 2, 3 }.ToAsyncEnumerable().Select(async (n, token) => (await app.Store.FindAsync<EvalTask>(EvalTask.Key("p1", $"t{n}"), token))!.Value.Overlap).ToListAsync());
        Assert.Equal(4, (int)(await (await lead.GetAsync("projects/p1/progress")).JsonAsync())["wanted"]!); // Σ over tasks
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await lead.PostAsync("projects/p1/open-tasks/overlap/21", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await app.SignedInAsync(Roles.Annotator)).GetAsync("projects/p1/open-tasks/overlap/3")).StatusCode);
    }

    private static EvalTask Task(int judged, int leased, int overlap)
    {
        var guideline = new GuidelineReference(GuidelineLibrary.Default.Id, GuidelineLibrary.Default.Version);
        var task = EvalTask.New("p1", "t", "q", "b", "general", "en", overlap, Now.AddDays(-1));
        for (var i = 0; i < judged + leased; i++)
        {
            task = task.Claim($"r{i}", $"l{i}", guideline, Now.AddMinutes(-5), TimeSpan.FromMinutes(30))!;
            task = i < judged ? task.Fill($"r{i}", $"l{i}", $"a{i}", Now.AddMinutes(-1))! : task;
        }

        return task;
    }
}
