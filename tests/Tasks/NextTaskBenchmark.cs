using System.Diagnostics;
using System.Globalization;
using HealthEval.People;
using HealthEval.Tasks;
using HealthEval.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Tasks;

/// <summary>
/// A measurement, not a test: run it with <c>HealthEval.Tests -explicit only -class "*NextTaskBenchmark" -showLiveOutput</c>.
/// Prints p50 and p95 of next + claim at 1,000, 50,000 and 100,000 open tasks in one run, also for somebody who has judged the first half.
/// </summary>
public sealed class NextTaskBenchmark(ITestOutputHelper output)
{
    private const int Calls = 600;

    [Fact(Explicit = true)]
    public async Task Next_and_claim_cost_the_same_however_many_tasks_are_open()
    {
        var small = await MeasureAsync(1_000, alreadyDone: 0);
        foreach (var (count, done) in new[] { (1_000, 400), (50_000, 0), (50_000, 25_000), (100_000, 0), (100_000, 50_000) })
        {
            var (p50, p95) = await MeasureAsync(count, done);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,7:N0} open, {done,6:N0} of them done by the caller: p50 {p50:F2} ms, p95 {p95:F2} ms, p50 ratio {p50 / small.P50:F2}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  1,000 open, nothing done: p50 {small.P50:F2} ms, p95 {small.P95:F2} ms"));
    }

    private static async Task<(double P50, double P95)> MeasureAsync(int count, int alreadyDone)
    {
        await using var app = await TestApp.StartAsync();
        var project = await app.AddProjectAsync("bench", p => p with { Overlap = 2 });
        await app.AddItemsAsync(project, Enumerable.Range(1, count).Select(n => Work.Item("bench", n)));
        var person = Someone.With(Roles.Annotator);
        var assignment = app.Services.GetRequiredService<Assignment>();
        for (var i = 0; i < alreadyDone; i++)
        {
            var (task, slot) = (await assignment.NextAsync(project, person, [], default))!;
            await app.Store.FinishAsync(task, slot);
            await assignment.LeaveAsync("bench", task.TaskId, person.PersonId, default);
        }

        var times = new List<double>();
        for (var i = 0; i < Calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var (task, slot) = (await assignment.NextAsync(project, person, [], default))!;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await app.Store.FinishAsync(task, slot);
            await assignment.LeaveAsync("bench", task.TaskId, person.PersonId, default);
        }

        times.RemoveRange(0, 100); // warm-up
        times.Sort();
        return (times[times.Count / 2], times[times.Count * 95 / 100]);
    }
}
