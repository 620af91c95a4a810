using System.Net;
using HealthEval.People;
using HealthEval.Storage;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Tasks;

/// <summary>A clock that was wrong for a while, and is right again.</summary>
public sealed class ClockTests
{
    [Fact]
    public async Task A_clock_that_was_far_ahead_hides_no_new_work_afterwards()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        var person = Someone.With(Roles.Annotator);
        app.Time.Advance(TimeSpan.FromDays(400));
        using var meanwhile = await app.SignedInAsync(person);
        await app.AddItemsAsync(project, Enumerable.Range(1, 2).Select(n => Work.Item("p1", n)));
        for (var judged = 0; judged < 2; judged++)
        {
            Assert.Equal(HttpStatusCode.Created, (await meanwhile.SubmitAsync((await meanwhile.NextAsync())!, Work.Judgement())).StatusCode);
        }

        Assert.Null(await meanwhile.NextAsync());
        app.Time.Advance(TimeSpan.FromDays(-400));
        await app.AddItemsAsync(project, Enumerable.Range(3, 3).Select(n => Work.Item("p1", n)));
        using var rater = await app.SignedInAsync(person);

        for (var judged = 0; judged < 3; judged++)
        {
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync((await rater.NextAsync())!, Work.Judgement())).StatusCode);
        }
    }

    [Fact]
    public async Task A_lease_that_a_clock_far_ahead_gave_ends_when_the_clock_is_right_again()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        app.Time.Advance(TimeSpan.FromDays(400));
        using (var gone = await app.SignedInAsync(Roles.Annotator))
        {
            Assert.NotNull(await gone.NextAsync());
        }

        app.Time.Advance(TimeSpan.FromDays(-400));
        using var next = await app.SignedInAsync(Roles.Annotator);
        Assert.Equal(HttpStatusCode.Created, (await next.SubmitAsync((await next.NextAsync())!, Work.Judgement())).StatusCode);
    }

    [Fact]
    public async Task Who_holds_a_lease_from_a_clock_ahead_goes_on_when_the_clock_is_right_again()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        var person = Someone.With(Roles.Annotator);
        app.Time.Advance(TimeSpan.FromDays(10));
        using (var ahead = await app.SignedInAsync(person))
        {
            Assert.NotNull(await ahead.NextAsync());
        }

        app.Time.Advance(TimeSpan.FromDays(-10));
        using var again = await app.SignedInAsync(person);
        Assert.Equal(HttpStatusCode.Created, (await again.SubmitAsync((await again.NextAsync())!, Work.Judgement())).StatusCode);
    }

    [Fact]
    public async Task Tasks_that_a_clock_far_ahead_has_ranked_are_found_and_passed()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 2 });
        app.Time.Advance(TimeSpan.FromDays(400));
        await app.AddItemsAsync(project, Enumerable.Range(1, 30).Select(n => Work.Item("p1", n)));
        app.Time.Advance(TimeSpan.FromDays(-400));
        using var rater = await app.SignedInAsync(Roles.Annotator);
        for (var judged = 0; judged < 30; judged++)
        {
            Assert.Equal(HttpStatusCode.Created, (await rater.SubmitAsync((await rater.NextAsync())!, Work.Judgement())).StatusCode);
        }

        await app.AddItemsAsync(project, [Work.Item("p1", 31)]);
        Assert.Equal("t000031", (await rater.NextAsync())!.TaskId());
    }

    [Fact]
    public async Task A_step_that_somebody_holds_until_far_ahead_can_be_taken()
    {
        await using var app = await TestApp.StartAsync();
        var key = new DocumentKey(DocumentKind.Step, new Partition("p1", "reports"), "x");
        await app.Store.CommitAsync(new Write.Put(key, new StepState<Card>("somebody", app.Time.GetUtcNow().AddDays(400), null)), default);

        await using var lease = await app.Services.GetRequiredService<Steps>().TakeAsync<Card>(key, patient: false, default);

        Assert.NotNull(lease);
    }

    [Fact]
    public async Task A_lead_takes_a_lease_away_and_the_task_is_free()
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("p1", p => p with { Overlap = 1 });
        await app.AddItemsAsync(project, [Work.Item("p1", 1)]);
        var holder = Someone.With(Roles.Annotator);
        using var holding = await app.SignedInAsync(holder);
        using var waiting = await app.SignedInAsync(Roles.Annotator);
        using var lead = await app.SignedInAsync(Roles.Lead, "p1");
        var held = (await holding.NextAsync())!;
        Assert.Null(await waiting.NextAsync());

        var leases = (await (await lead.GetAsync("tasks/p1/leases")).JsonAsync())["leases"]!.AsArray();
        Assert.Equal((held.TaskId(), holder.PersonId), ((string)leases.Single()!["taskId"]!, (string)leases.Single()!["personId"]!));
        Assert.Equal(HttpStatusCode.NoContent, (await lead.DeleteAsync($"tasks/p1/{held.TaskId()}/leases/{holder.PersonId}")).StatusCode);
        Assert.Equal("not_found", await (await lead.DeleteAsync($"tasks/p1/{held.TaskId()}/leases/{holder.PersonId}")).ProblemAsync(404));

        Assert.Equal(held.TaskId(), (await waiting.NextAsync())!.TaskId());
        Assert.Equal("lease_gone", await (await holding.SubmitAsync(held, Work.Judgement())).ProblemAsync(409));
        Assert.DoesNotContain((await (await lead.GetAsync("tasks/p1/leases")).JsonAsync())["leases"]!.AsArray(), lease => (string)lease!["personId"]! == holder.PersonId);
    }

    [Fact]
    public async Task A_timer_that_ran_while_the_clock_was_far_ahead_runs_at_its_next_time()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 11, 18, 9, 0, 0, TimeSpan.Zero).AddDays(400));
        var runs = 0;
        using var loop = new HealthEval.Http.CronLoop(
            [new HealthEval.Http.CronJob(typeof(HealthEval.Reports.WeeklyFunctions), nameof(HealthEval.Reports.WeeklyFunctions.FindDueAsync), _ => { runs++; return Task.CompletedTask; })],
            new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(), time, Microsoft.Extensions.Logging.Abstractions.NullLogger<HealthEval.Http.CronLoop>.Instance);
        await loop.RunDueAsync(default);
        time.Advance(TimeSpan.FromDays(-400));
        await loop.RunDueAsync(default);
        time.Advance(TimeSpan.FromDays(7));
        await loop.RunDueAsync(default);

        Assert.Equal(2, runs);
    }

    private sealed record Card(string Text);
}
