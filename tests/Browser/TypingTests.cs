using System.Text.Json;
using HealthEval.People;
using Microsoft.Playwright;

namespace HealthEval.Tests.Browser;

/// <summary>
/// No task of the page takes 50 ms while somebody types. What is counted is the processor's time of the page's own thread, which other programs on the
/// machine don't change: the clock on the wall has shown tasks of 600 ms of which 10 were the page's.
/// </summary>
public sealed class TypingTests(Site site)
{
    [Fact]
    public async Task Typing_beside_an_answer_of_20_000_characters_never_holds_the_page_up()
    {
        var answer = string.Join("\n\n", Enumerable.Range(1, 40).Select(n => $"## Part {n}\n\n{string.Concat(Enumerable.Repeat("The usual dose of this drug is 500 mg three times a day for adults. ", 6))}\n\n- Rest\n- Drink water"));
        await using var clinic = await site.ClinicAsync(Lines.Single("long", "What now?", answer[..Math.Min(answer.Length, 20_000)]));
        var page = await clinic.SignInAsync(Roles.Annotator);
        await TaskForm.NextAsync(page);
        await page.Keyboard.PressAsync("c");
        for (var claims = 0; claims < 30; claims++)
        {
            await page.Keyboard.PressAsync("1");
            await page.Keyboard.PressAsync("ArrowDown");
        }

        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#ratings-0-rationale").FocusAsync();
        var tasks = await TracedAsync(page, async () =>
        {
            await page.Keyboard.TypeAsync("It gives the dose without asking for the kidneys. ");
            await page.Locator("[data-draft=saved]").WaitForAsync();
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{tasks.Count} tasks, the longest {tasks.Max():0.0} ms");
        Assert.True(tasks.Count > 50, $"Only {tasks.Count} tasks were traced.");
        Assert.InRange(tasks.Max(), 0, 50);
    }

    /// <summary>The milliseconds that each task took of the processor, on the busiest thread that draws pages.</summary>
    private static async Task<List<double>> TracedAsync(IPage page, Func<Task> work)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        var (events, done) = (new List<JsonElement>(), new TaskCompletionSource());
        session.Event("Tracing.dataCollected").OnEvent += (_, data) => events.AddRange(data!.Value.GetProperty("value").EnumerateArray().Select(one => one.Clone()));
        session.Event("Tracing.tracingComplete").OnEvent += (_, _) => done.TrySetResult();
        await session.SendAsync("Tracing.start", new Dictionary<string, object> { ["categories"] = "toplevel", ["transferMode"] = "ReportEvents" });
        await work();
        await session.SendAsync("Tracing.end");
        await done.Task.WaitAsync(TimeSpan.FromMinutes(1));
        var main = events.Where(one => Text(one, "name") == "thread_name" && one.GetProperty("args").GetProperty("name").GetString() == "CrRendererMain").Select(ThreadOf).ToHashSet();
        return events.Where(one => main.Contains(ThreadOf(one)) && one.TryGetProperty("tdur", out _) && Text(one, "name").Contains("RunTask", StringComparison.Ordinal))
            .GroupBy(ThreadOf).OrderByDescending(thread => thread.Count()).First().Select(one => one.GetProperty("tdur").GetDouble() / 1000).ToList();
    }

    private static string Text(JsonElement one, string name) => one.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static (int Process, int Thread) ThreadOf(JsonElement one) => (one.GetProperty("pid").GetInt32(), one.GetProperty("tid").GetInt32());
}
